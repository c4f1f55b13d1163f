"""All benchmarks: ``python -m tests.benchmarks``. Each also runs alone: ``python -m tests.benchmarks.engine``.

The one beside Wagtail installs it from the package index into a temporary folder first.
"""

from . import content_page, engine, mutations, prove, question_page, search, wagtail

for benchmark in (engine, content_page, question_page, search, prove, mutations, wagtail):
    benchmark.main()
