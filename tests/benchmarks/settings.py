"""The project's own settings; only the comparison pages are added to its addresses."""

from pumpguide.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.comparison"
