"""What a person has set on their device is respected: forced colors, less motion, dark."""

QUESTION = "/screening/question/answering-for/"
AROUND = """input => {
  const ring = getComputedStyle(document.querySelector(`label[for=${input.id}]`), "::before");
  return [ring.borderTopWidth, ring.borderTopColor, ring.outlineStyle, ring.outlineWidth].join();
}"""

MOVING = """() => [...document.querySelectorAll("*")].filter(element => ["", "::before", "::after"].some(part => {
  const style = getComputedStyle(element, part);
  const still = style.animationName === "none" && style.scrollBehavior === "auto";
  return parseFloat(style.transitionDuration) > 0 || !still;
})).map(element => element.outerHTML.slice(0, 80))"""


def at_a_question(patient):
    patient.has_answered({"urgent-signs": ["none"]})
    patient.visits(QUESTION)
    return patient


def test_forced_colors_show_choice_and_focus_apart(new_patient):
    patient = at_a_question(new_patient(forced_colors="active"))
    assert patient.page.evaluate("matchMedia('(forced-colors: active)').matches")
    untouched = patient.option("someone-else").evaluate(AROUND)
    patient.option("myself").focus()
    patient.page.keyboard.press("Space")
    chosen_and_focused = patient.option("myself").evaluate(AROUND)
    patient.page.keyboard.press("Tab")
    chosen = patient.option("myself").evaluate(AROUND)
    assert len({untouched, chosen, chosen_and_focused}) == 3
    patient.presses("Continue")
    assert patient.asked == "age"


def test_reduced_motion_moves_nothing(new_patient):
    patient = at_a_question(new_patient(reduced_motion="reduce"))
    assert patient.page.evaluate(MOVING) == []
    patient.answers_this("myself")
    assert patient.asked == "age"


def test_dark_is_dark(new_patient):
    patient = at_a_question(new_patient(color_scheme="dark"))
    background = patient.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)")
    assert max(background[:3]) < 80
