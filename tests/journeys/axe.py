"""axe-core on the page in front: what it finds against WCAG 2.2 AA and good practice, as short lines."""

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # WCAG 2.2's size of targets is off unless asked for
    "preload": False,  # no rule we run reads style sheets; to fetch imported ones axe adds a style of its own
    "resultTypes": ["violations"],
}
COLORS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""What can differ between light and dark: the same page otherwise stays the same."""
SCRIPT = Axe().axe_script
RUN = """options => axe.run({ exclude: [["tr:nth-of-type(n+13):not(:last-child)"]] }, options)
  .then(report => report.violations)"""
"""Only what was found comes back: the rest of a report is large, and bringing it over takes as long as the checks.
Of a table's rows, the first dozen and the last speak for all: a page that is new has near a thousand of changes."""


def barriers(page):
    """All violations on the page as it stands: every rule in light, and the colors again in dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")  # no color is caught half way between two
    page.evaluate(SCRIPT)
    found = named("light", page.evaluate(RUN, ALL_RULES))
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return found + named("dark", page.evaluate(RUN, COLORS))


def named(scheme, violations):
    return [
        f"{scheme}: {rule['id']}: {node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in violations
        for node in rule["nodes"]
    ]
