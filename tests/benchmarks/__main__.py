"""All benchmarks: ``python -m tests.benchmarks``. Each also runs alone: ``python -m tests.benchmarks.engine``."""

from . import content_page, engine, mutations, prove, question_page

for benchmark in (engine, content_page, question_page, prove, mutations):
    benchmark.main()
