"""All benchmarks: ``python -m tests.benchmarks``. Each also runs alone: ``python -m tests.benchmarks.engine``."""

from . import content_page, engine, question_page, search

for benchmark in (engine, content_page, question_page, search):
    benchmark.main()
