"""What the clinic's staff do at the desk, in plain verbs. Things are found as people find them, by role and name."""

from .axe import barriers

PASSWORD = "a long enough password"
PASTE = """(box, html) => {
    const held = new DataTransfer();
    held.setData("text/html", html);
    held.setData("text/plain", "plain");
    box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true}));
}"""

SELECT = """(box, words) => {
    const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const start = texts.currentNode.data.indexOf(words);
        if (start >= 0) {
            getSelection().setBaseAndExtent(texts.currentNode, start, texts.currentNode, start + words.length);
            return;
        }
    }
}"""


class Staff:
    """One member of staff and their browser. ``barriers``: what axe found on the pages that were looked over."""

    def __init__(self, context, name):
        self.context, self.name, self.page = context, name, context.new_page()
        self.barriers: dict[str, list[str]] = {}

    # --- going about

    def comes_in(self, *, looks=False):
        self.page.goto("/admin/")
        if looks:
            self.looks_over("login")
        self.page.get_by_label("Username").fill(self.name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.clicks(self.page.get_by_role("button", name="Log in"))
        return self

    def clicks(self, target):
        with self.page.expect_navigation(wait_until="load"):
            target.click()

    def follows(self, name):
        self.clicks(self.page.locator("#content").get_by_role("link", name=name, exact=True).first)

    def presses(self, name):
        self.clicks(self.page.get_by_role("button", name=name, exact=True).first)

    def opens(self, title):
        """A page of the guide, by its title in the list."""
        self.page.goto("/admin/content/page/")
        self.page.get_by_role("searchbox").fill(title)
        self.presses("Search")
        self.clicks(self.page.locator("#result_list").get_by_role("link", name=title, exact=True))

    def looks_over(self, name):
        """Looks for barriers on the page in front."""
        self.barriers[name] = barriers(self.page)

    # --- forms

    def fills(self, **fields):
        """Fields by their names, with a double underline for a dash."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name.replace('__', '-')}']")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def saves(self):
        self.presses("Save and continue editing")

    def adds_block(self, kind, heading="", html="", **fields):
        """A new block at the end, its text pasted; its number."""
        number = int(self.page.locator("[name=blocks-TOTAL_FORMS]").input_value())
        self.page.locator("#blocks-group .add-row a").click()
        self.page.locator(f"#id_blocks-{number}-kind").select_option(kind)
        self.fills(**{f"blocks-{number}-heading": heading})
        self.fills(**{f"blocks-{number}-{name}": value for name, value in fields.items()})
        if html:
            self.pastes(number, html)
        return number

    def editor(self, number):
        return self.page.locator(f"#blocks-{number} .ProseMirror[contenteditable=true]")

    def pastes(self, number, html):
        """Pastes into a block's text, in place of what is there."""
        box = self.editor(number)
        box.click()
        box.press("ControlOrMeta+a")
        box.evaluate(PASTE, html)

    def marks(self, number, words, key):
        """Makes words of a block's text a mark, with the link button."""
        box = self.editor(number)
        box.focus()
        box.evaluate(SELECT, words)
        self.page.locator(f"#blocks-{number} .prose-menubar [title*='ink']").first.click()
        self.page.locator("dialog[open] input").first.fill(key)
        self.page.locator("dialog[open] button[type=submit], dialog[open] [type=submit]").first.click()

    # --- what stands there

    @property
    def text(self):
        return self.page.locator("#content").inner_text()

    @property
    def said(self):
        """The messages on top."""
        return " ".join(self.page.locator(".messagelist li").all_inner_texts())
