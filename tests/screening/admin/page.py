"""A page of the admin as a browser without JavaScript has it: the fields of its form, filled in and sent."""

import re
from html import unescape
from html.parser import HTMLParser


class Fields(HTMLParser):
    """The values a browser would send for each form of the page, by the form's action."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.fields, self.area, self.select = [], None, None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        name = at.get("name")
        if tag == "form":
            self.fields = []
            self.forms.append((at.get("action") or "", self.fields))
        elif self.fields is None or "disabled" in at:
            return
        elif tag == "textarea":
            self.area = [name, ""]
        elif tag == "select":
            self.select = (name, "multiple" in at)
        elif tag == "option" and self.select and "selected" in at:
            self.fields.append((self.select[0], at.get("value", "")))
        elif tag == "input" and name and sent(at):
            self.fields.append((name, at.get("value", "on" if at.get("type") == "checkbox" else "")))

    def handle_data(self, data):
        if self.area:
            self.area[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.fields.append((self.area[0], self.area[1].removeprefix("\n").replace("\n", "\r\n")))
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.fields = None


def sent(at):
    """Whether a browser would send the input as it stands."""
    kind = at.get("type")
    return kind not in ("submit", "button", "file") and (kind not in ("checkbox", "radio") or "checked" in at)


class Page:
    """One page. ``send`` posts its main form with some fields changed, and follows to the next page."""

    def __init__(self, client, address):
        self.client, self.address = client, address
        self.take(client.get(address, follow=True))

    def take(self, response):
        self.response, self.status = response, response.status_code
        if chain := getattr(response, "redirect_chain", []):
            self.address = chain[-1][0].split("#")[0]
        self.html = response.content.decode() if "html" in response.headers.get("Content-Type", "") else ""
        return self

    @property
    def fields(self):
        """name -> values of the page's largest form."""
        forms = [fields for _action, fields in Fields(self.html).forms]
        found = {}
        for name, value in max(forms, key=len):
            if "__prefix__" not in name:
                found.setdefault(name, []).append(value)
        return found

    def send(self, changes=None, button="_save", **more):
        data = {**self.fields, **(changes or {}), **more, button: "1"}
        return self.take(self.client.post(self.address, {k: v for k, v in data.items() if v is not None}, follow=True))

    def press(self, name, **data):
        """Posts the small form that ends with this in its address, with its hidden fields."""
        action, fields = next((a, f) for a, f in Fields(self.html).forms if a.rstrip("/").endswith(name))
        return self.take(self.client.post(action, {**dict(fields), **data}, follow=True))

    @property
    def messages(self):
        return [str(message) for message in self.response.context["messages"]]

    @property
    def errors(self):
        found = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', self.html, re.DOTALL)
        return unescape(re.sub(r"<[^>]+>", " ", " ".join(found)))

    @property
    def text(self):
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.html)))
