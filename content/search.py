"""Search over the published pages (to come: the index of each database)."""


def reindex(page) -> None:
    """Bring the page's words up to date."""
