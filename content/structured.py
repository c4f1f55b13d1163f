"""schema.org JSON-LD for a page: only what the page itself shows."""


def structured_data(data: dict, page: dict, clinic: dict) -> str:
    """The JSON-LD of a page as text that is safe inside a script element; empty where there is nothing to say."""
    return ""
