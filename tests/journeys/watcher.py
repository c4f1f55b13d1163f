"""Notes what a page must never do: break the content policy, write errors, lack a file, ask a third party."""

from urllib.parse import urlsplit

MISSING = "Failed to load resource"


class Watcher:
    """``seen``: one line for each thing that should not have happened."""

    def __init__(self, site: str) -> None:
        self.host = urlsplit(site).netloc
        self.seen: list[str] = []
        self.noted = {
            "request": self.request,
            "response": self.response,
            "console": self.console,
            "weberror": self.script_error,
        }

    def watch(self, context) -> None:
        for event, note in self.noted.items():
            context.on(event, note)

    def leave(self, context) -> None:
        for event, note in self.noted.items():
            context.remove_listener(event, note)

    def request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.host:
            self.seen.append(f"third-party request: {request.url}")

    def response(self, response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.seen.append(f"{response.status}: {response.url}")

    def console(self, message) -> None:
        """Errors, the broken content policy among them; a page answered with 4xx on purpose is not an error."""
        if message.type in ("error", "warning") and not message.text.startswith(MISSING):
            self.seen.append(f"console {message.type}: {message.text}")

    def script_error(self, error) -> None:
        self.seen.append(f"script error: {error.error}")
