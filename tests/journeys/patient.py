"""What a person does on the site, in plain verbs. Everything is found as people find it: by role and by name."""

import re
import time

from cryptography.fernet import MultiFernet

from screening import answers as cookie
from screening.definition import Definition
from screening.engine.reading import read_answers

START, CONTINUE = "Start the questions", "Continue"
QUESTION = "/screening/question/"


class Patient:
    """One person and their browser. ``page`` is the tab they look at."""

    def __init__(self, context, site: str, definition: Definition) -> None:
        self.context, self.site, self.definition = context, site, definition
        self.words = definition.wording("en")
        self.page = context.new_page()
        self.other = False

    # --- going about

    def visits(self, path):
        """Opens an address of the site; the response."""
        return self.page.goto(path)

    def follows(self, name):
        self.clicks(self.page.get_by_role("link", name=name, exact=True).first)

    def presses(self, name):
        self.clicks(self.page.get_by_role("button", name=name, exact=True).first)

    def clicks(self, target):
        """Clicks what leads to another page, and waits for it."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            target.click()

    def opens_another_tab(self, path):
        """A second tab with the same cookies, now the one in front; the tab before."""
        before, self.page = self.page, self.context.new_page()
        self.visits(path)
        return before

    # --- the questions

    def starts(self):
        self.visits("/screening/")
        self.presses(START)

    def answers(self, given):
        """Answers each question that comes up, for as long as it is among those ``given``."""
        while (link_id := self.asked) in given:
            self.answers_this(given[link_id])
            assert self.asked != link_id, f"{link_id} is asked again: {self.text}"

    def answers_this(self, codes):
        self.chooses(codes)
        self.presses(CONTINUE)

    def chooses(self, codes):
        """Makes just these options chosen, one code or several."""
        codes = [codes] if isinstance(codes, str) else codes
        question = self.definition.ruleset.by_link_id[self.asked]
        if question.type == "multi":
            ticked = self.page.get_by_role("checkbox", checked=True)
            while ticked.count():
                ticked.first.uncheck()
        for code in codes:
            self.option(code).check()
        self.other = self.other or (question.link_id, codes) == ("answering-for", ["someone-else"])

    def option(self, code):
        """The radio button or checkbox of an option of the question in front."""
        question = self.definition.ruleset.by_link_id[self.asked]
        label = self.words.option(question.link_id, code, other=self.other)
        role = "checkbox" if question.type == "multi" else "radio"
        return self.page.get_by_role(role, name=label, exact=True)

    def changes(self, link_id, codes):
        """From check-your-answers: opens one answer and gives another."""
        self.wants_to_change(link_id)
        self.answers_this(codes)

    def wants_to_change(self, link_id):
        short = self.words.of("question", link_id, "short", other=self.other)
        self.clicks(self.page.get_by_role("link", name=re.compile(rf"^Change {re.escape(short)}$")))

    def goes_back(self):
        self.follows("Back")

    def asks_for_the_summary(self):
        self.follows("Show my summary")

    def clears_and_leaves(self):
        self.presses("Clear my answers and leave")

    # --- what stands there

    @property
    def path(self):
        """Where the tab is, without the site's name."""
        return "/" + self.page.url.split("/", 3)[3]

    @property
    def asked(self):
        """The link_id of the question in front, or nothing."""
        return self.path.removeprefix(QUESTION).partition("/")[0] if self.path.startswith(QUESTION) else ""

    @property
    def heading(self):
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self):
        """All that can be read in the main part of the page."""
        return self.page.get_by_role("main").inner_text()

    def answer_to(self, link_id):
        """What check-your-answers shows for a question; nothing when it is not there."""
        short = self.words.of("question", link_id, "short", other=self.other)
        terms = self.page.get_by_role("term").filter(has_text=short).all()
        exact = [term for term in terms if term.inner_text().strip() == short]
        return exact[0].locator("xpath=following-sibling::dd[1]").inner_text() if exact else ""

    def sideways_scroll(self):
        """How many pixels the page is wider than the window."""
        return self.page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")

    # --- the cookie: shortcuts to a state, and the passing of time

    def has_answered(self, given):
        """Comes with these answers already given, as after the clicks."""
        visit = cookie.Visit(self.definition.ruleset.version, read_answers(self.definition.ruleset, given))
        self.other = visit.for_someone_else
        self.keeps(cookie.seal(visit))

    def waits(self, *, minutes):
        """Does nothing for some minutes: the cookie is that much older."""
        seal: MultiFernet = cookie.fernet()
        held = seal.decrypt(self.cookies()[cookie.COOKIE])
        self.keeps(seal.encrypt_at_time(held, int(time.time()) - minutes * 60).decode())

    def keeps(self, token):
        self.context.add_cookies([{"name": cookie.COOKIE, "value": token, "url": self.site, "httpOnly": True}])

    def cookies(self):
        return {held["name"]: held["value"] for held in self.context.cookies()}
