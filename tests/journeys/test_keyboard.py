"""Everything can be done with the keyboard alone, and it always shows where one is."""

from playwright.sync_api import expect

from tests.screening.patients import patient as answers_of

LOOK = """target => {
  const at = document.activeElement, label = at.labels && at.labels[0];
  const ring = style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    ? style.outlineWidth + style.outlineColor : style.boxShadow;
  const rings = () => [ring(getComputedStyle(at)),
    ...(label ? [ring(getComputedStyle(label)), ring(getComputedStyle(label, "::before"))] : [])].join();
  const focused = rings();
  at.blur();
  const without = rings();
  at.focus();
  return {here: at === target, shows: focused !== without, at: at.outerHTML.slice(0, 200)};
}"""
"""What has the focus, and whether it (or its label) has an outline or a shadow that it lacks without the focus."""


class Keyboard:
    """A person's hands, away from the mouse."""

    def __init__(self, patient):
        self.patient, self.press = patient, patient.page.keyboard.press

    def tabs_to(self, role, name):
        target = self.patient.page.get_by_role(role, name=name, exact=True).first.element_handle()
        for _ in range(60):
            self.press("Tab")
            if self.sees_where(target):
                return
        raise AssertionError(f"Tab never comes to the {role} {name!r} on {self.patient.path}")

    def sees_where(self, target=None):
        """Whether the focus is on the target; fails where the focus does not show."""
        seen = self.patient.page.evaluate(LOOK, target)
        assert seen["shows"], f"the focus does not show on {self.patient.path}: {seen['at']}"
        return seen["here"]

    def enters(self):
        with self.patient.page.expect_navigation(wait_until="domcontentloaded"):
            self.press("Enter")

    def opens(self, role, name):
        self.tabs_to(role, name)
        self.enters()

    def answers(self, codes):
        question = self.patient.definition.ruleset.by_link_id[self.patient.asked]
        label = self.patient.words.option
        if question.type == "multi":
            for code in sorted(codes, key=question.codes.index):
                self.tabs_to("checkbox", label(question.link_id, code))
                self.press("Space")
        else:
            self.tabs_to("radio", label(question.link_id, question.codes[0]))
            self.press("Space")
            for _ in range(question.codes.index(codes)):
                self.press("ArrowDown")
        for code in [codes] if isinstance(codes, str) else codes:
            assert self.patient.option(code).is_checked()
        self.opens("button", "Continue")


def test_keyboard_alone_leads_from_the_home_page_to_the_summary(patient):
    given = answers_of(11)
    keyboard = Keyboard(patient)
    patient.visits("/")
    keyboard.opens("link", "Answer the questions")
    keyboard.opens("button", "Start the questions")
    while patient.asked in given:
        keyboard.answers(given[patient.asked])
    keyboard.opens("link", "Show my summary")
    assert patient.heading == patient.words.of("disposition", "talk", "heading")


def test_first_tab_stop_skips_to_the_main_text(patient):
    keyboard = Keyboard(patient)
    patient.visits("/")
    keyboard.press("Tab")
    expect(patient.page.get_by_role("link", name="Skip to the main text")).to_be_focused()
    expect(patient.page.get_by_role("link", name="Skip to the main text")).to_be_in_viewport()
    keyboard.press("Enter")
    expect(patient.page.get_by_role("main")).to_be_focused()


def test_why_we_ask_unfolds_with_the_keyboard(patient):
    patient.starts()
    keyboard = Keyboard(patient)
    why = patient.page.get_by_text(patient.words.of("question", "urgent-signs", "why"))
    expect(why).to_be_hidden()
    patient.page.get_by_role("checkbox").last.focus()
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(why).to_be_visible()


def test_error_summary_takes_the_focus_and_leads_to_the_first_choice(patient):
    patient.starts()
    keyboard = Keyboard(patient)
    keyboard.opens("button", "Continue")
    expect(patient.page.get_by_role("alert")).to_be_focused()
    keyboard.tabs_to("link", patient.words.of("question", "urgent-signs", "error"))
    keyboard.press("Enter")
    expect(patient.option("breathing")).to_be_focused()
    keyboard.sees_where()
