"""The project's own settings, the comparison pages added to its addresses, and one connection for the whole run."""

from pumpguide.settings import *  # noqa: F403
from pumpguide.settings import DATABASES

ROOT_URLCONF = "tests.benchmarks.comparison"
SENDS_AN_HOUR = 10**9  # all of its people sit at one address
DATABASES["default"]["CONN_MAX_AGE"] = None  # opening one anew within a round would count against the side with queries
