"""The guide keeps nothing on a reader's device and asks nobody else for anything."""

from .guide_pages import ALL, ONE_OF_EACH


def test_no_guide_page_sends_a_cookie(patient):
    sent = {path: patient.page.request.get(path) for path in ALL}
    assert {path: response.status for path, response in sent.items()} == dict.fromkeys(ALL, 200)
    assert [path for path, response in sent.items() if "set-cookie" in response.headers] == []


def test_reading_leaves_nothing_on_the_device(patient):
    for path in ONE_OF_EACH:
        patient.visits(path)
        assert patient.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert patient.context.cookies() == []


def test_a_page_asks_this_site_alone_and_little_of_it(patient, site):
    asked = []
    patient.context.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    patient.page.goto("/medicines/morphine/", wait_until="networkidle")
    assert sorted(path for path in asked if not path.endswith("favicon.svg")) == [
        "/medicines/morphine/",
        "/static/css/site.css",
        "/static/js/site.js",
    ]
