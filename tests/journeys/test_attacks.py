"""Every attack on one page, in a real browser: nothing runs, nothing is fetched, no link leads where it must not."""

from html import escape

import pytest
from django.contrib.auth import get_user_model

from content.models import Block, Claim, ClaimSource, Page, Term
from content.views.preview import preview_path
from tests.content.hostile import VECTORS
from tests.content.test_snapshot import make_page
from tests.content.test_xss import STORABLE, go, raw_page

COUNT = "window.alert = () => { top.ran = (top.ran || 0) + 1 }"
"""Goes before every document's own scripts, those of frames too: whatever would alert is counted."""
POKE = """() => {
  for (const name of ["click", "submit"]) document.addEventListener(name, event => event.preventDefault(), true);
  for (const element of document.querySelectorAll("*"))
    for (const name of ["mouseover", "focus", "focusin", "blur", "pointerdown", "toggle", "animationstart", "load",
                        "error", "click", "keydown", "input"])
      element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }));
}"""
NO_WINDOWS = """() => django.jQuery(document).on("django:show-related", event => event.preventDefault())"""
"""Django's own way to say that its "add another" buttons open no window. Each opens an empty form: nothing to attack.
Left to themselves, dozens load at once, and a desk that is closed before they have loaded breaks in closing them."""
NEVER = (
    "iframe, object, embed, base, style, form:not([action]), video, audio, math, meta[http-equiv], "
    "article img:not([src^='/']), script:not([src^='/static/js/']):not([type='application/ld+json'])"
)
LOOK = """never => [...document.querySelectorAll("*")].flatMap(element => {
  const links = ["href", "src", "srcset", "action", "formaction", "poster", "data", "background"];
  const wrong = ({ name, value }) => {
    if (name.startsWith("on") || name === "style" || name === "srcdoc") return true;
    if (!links.includes(name) || element.matches("link[rel=icon], link[rel=canonical]")) return false;
    const to = new URL(value, document.baseURI);
    const link = element.matches("a") && ["https:", "tel:", "mailto:", "sms:"].includes(to.protocol);
    return to.origin !== location.origin && !link;
  };
  const shown = ({ name, value }) => `<${element.localName} ${name}=${value}>`;
  const found = [...element.attributes].filter(wrong).map(shown);
  return element.matches(never) ? [...found, element.outerHTML.slice(0, 200)] : found;
})"""


@pytest.fixture
def hostile(site):
    """A published page that holds every attack: each as a text and a heading, all in whatever else it shows."""
    page = raw_page(STORABLE)
    all_in_one = " ".join(STORABLE)
    Claim.objects.update(text=all_in_one)
    ClaimSource.objects.update(text=all_in_one)
    Term.objects.update(definition=all_in_one)
    Block.objects.create(page=page, position=9999, body='<p><a href="claim:x">x</a> <a href="term:x">x</a></p>')
    Page.objects.filter(pk=page.pk).update(summary=all_in_one, title=VECTORS[0])
    go(page, get_user_model().objects.create_user("rosa"))
    return page


@pytest.fixture(params=["as it is", "without the content policy"])
def visitor(request, new_patient):
    """A browser that counts what runs; once with the policy that would stop it, once with our cleaning alone."""
    person = new_patient(bypass_csp=request.param == "without the content policy")
    person.context.add_init_script(COUNT)
    return person


@pytest.mark.parametrize("shown", ["published", "preview"])
def test_a_page_with_every_attack_runs_and_fetches_nothing(visitor, hostile, shown):
    visitor.page.goto("/hostile/" if shown == "published" else preview_path(hostile), wait_until="networkidle")
    assert visitor.page.locator("article h2").count() > 300
    assert visitor.page.evaluate(LOOK, NEVER) == []
    visitor.page.evaluate(POKE)
    visitor.page.wait_for_timeout(300)
    assert visitor.page.evaluate("window.ran || 0") == 0


def test_the_desk_runs_nothing_of_rows_that_came_past_the_cleaning(visitor, client, site):
    editor = get_user_model().objects.create_superuser("edith", is_staff=True)
    client.force_login(editor)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    visitor.context.add_cookies([cookie])
    page = make_page("hostile", *[" ".join(STORABLE[start : start + 40]) for start in range(0, len(STORABLE), 40)])
    visitor.page.goto(f"/admin/content/page/{page.pk}/change/", wait_until="networkidle")
    assert visitor.page.locator("[name^=blocks-][name$=-body]").count() >= 13
    visitor.page.evaluate(NO_WINDOWS)
    visitor.page.evaluate(POKE)
    assert visitor.page.evaluate("window.ran || 0") == 0
    assert visitor.context.pages == [visitor.page]  # nor did anything open a window


def test_the_browser_would_run_them(browser):
    """So that the tests above can fail: each attack as it was written, in a frame of its own."""
    frames = "".join(f'<iframe srcdoc="{escape(vector)}"></iframe>' for vector in VECTORS)
    context = browser.new_context()
    context.add_init_script(COUNT)
    context.route("**/*", lambda route: route.abort())
    page = context.new_page()
    page.set_content(frames)
    page.wait_for_timeout(1000)
    ran = page.evaluate("window.ran || 0")
    context.close()
    assert ran > 100
