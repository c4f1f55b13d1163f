"""Who may open what: every address of the site is in this table, and an unlisted one fails."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone

from content.models import Page
from screening.actions import start_draft
from screening.models import Questionnaire

ROLES = ("visitor", "editor", "reviewer", "nurse", "administrator")

PUBLIC = {
    "healthz",
    "content:page",
    "content:search",
    "content:feedback",
    "content:preview",  # by a signed link alone
    "content:picture",
    "content:sitemap",
    "content:robots",
    "content:changes",
    "content:corrections",
    "screening:start",
    "screening:question",
    "screening:check",
    "screening:summary",
    "screening:help-now",
    "screening:under-18",
    "screening:leave",
    "screening:left",
    "screening:renew",
    "screening:how-this-works",
}

CONTENT_EDIT = {"editor": 200}
CONTENT_READ = {"editor": 200, "reviewer": 200}
PAGE_READ = {"editor": 200, "reviewer": 200, "administrator": 200}
DRAFT_EDIT = {"editor": 200, "reviewer": 200}
EVERY_STAFF = {"editor": 200, "reviewer": 200, "nurse": 200, "administrator": 200}

DESK = {
    "admin:index": EVERY_STAFF,
    "admin:password_change": EVERY_STAFF,
    "admin:content_page_changelist": {"editor": 200, "reviewer": 200, "administrator": 200},
    "admin:content_page_add": CONTENT_EDIT,
    "admin:content_page_change": {"editor": 200, "reviewer": 200, "administrator": 200},
    "admin:content_page_delete": {},
    "admin:content_page_history": {"editor": 200, "reviewer": 200, "administrator": 200},
    "admin:content_page_preview": PAGE_READ,
    "admin:content_page_compare": PAGE_READ,
    "admin:content_page_send": CONTENT_EDIT,
    "admin:content_page_review": {"reviewer": 200},
    "admin:content_page_publish": {"reviewer": 200},
    "admin:content_page_check": {"reviewer": 200},
    "admin:content_page_expire": {"reviewer": 200},
    "admin:content_page_revisions": PAGE_READ,
    "admin:content_pagerevision_view": {"editor": 200, "reviewer": 200, "administrator": 200},
    "admin:content_claim_changelist": CONTENT_READ,
    "admin:content_claim_add": CONTENT_EDIT,
    "admin:content_source_changelist": CONTENT_READ,
    "admin:content_source_add": CONTENT_EDIT,
    "admin:content_topic_changelist": CONTENT_READ,
    "admin:content_topic_add": CONTENT_EDIT,
    "admin:content_term_changelist": CONTENT_READ,
    "admin:content_term_add": CONTENT_EDIT,
    "admin:content_person_changelist": CONTENT_READ,
    "admin:content_person_add": CONTENT_EDIT,
    "admin:content_picture_changelist": CONTENT_READ,
    "admin:content_picture_add": CONTENT_EDIT,
    "admin:content_correction_changelist": CONTENT_READ,
    "admin:content_correction_add": CONTENT_EDIT,
    "admin:content_redirect_changelist": CONTENT_READ,
    "admin:content_redirect_add": CONTENT_EDIT,
    "admin:content_synonym_changelist": CONTENT_READ,
    "admin:content_synonym_add": CONTENT_EDIT,
    "admin:content_feedback_changelist": PAGE_READ,
    "admin:content_feedback_add": {},
    "admin:content_sitesettings_changelist": {"editor": 302, "reviewer": 302, "administrator": 302},
    "admin:content_sitesettings_add": {},
    "admin:screening_questionnaire_changelist": EVERY_STAFF,
    "admin:screening_questionnaire_add": {},
    "admin:screening_questionnaire_files": EVERY_STAFF,
    "admin:screening_questionnaire_fhir": EVERY_STAFF,
    "admin:screening_questionnairedraft_changelist": DRAFT_EDIT,
    "admin:screening_questionnairedraft_add": {},
    "admin:screening_questionnairedraft_change": DRAFT_EDIT,
    "admin:screening_questionnairedraft_import": DRAFT_EDIT,
    "admin:screening_questionnairedraft_words": DRAFT_EDIT,
    "admin:screening_questionnairedraft_compare": DRAFT_EDIT,
    "admin:screening_questionnairedraft_picture": DRAFT_EDIT,
    "admin:screening_questionnairedraft_snapshot": DRAFT_EDIT,
    "admin:screening_questionnairedraft_files": DRAFT_EDIT,
    "admin:screening_questionnairedraft_fhir": DRAFT_EDIT,
    **{
        f"admin:screening_{row}_{page}": allowed
        for row in ("section", "question", "criterion", "text", "testpatient")
        for page, allowed in {"changelist": DRAFT_EDIT, "change": DRAFT_EDIT, "add": {}}.items()
    },  # a row is added with its draft in the address: see tests/screening/admin
    "admin:screening_testpatient_delete": {"reviewer": 200},
    "admin:screening_text_delete": {},
    "admin:auth_user_changelist": {"administrator": 200},
    "admin:auth_user_add": {"administrator": 200},
    "admin:auth_group_changelist": {"administrator": 200},
    "admin:auth_group_add": {},
}
"""Address -> role -> status of a GET; a role that is not named is refused (302 to login, or 403)."""

POST_ONLY = {
    "admin:content_page_take_down": {"reviewer"},
    "admin:content_page_unschedule": {"reviewer"},
    "admin:content_page_send_back": {"reviewer", "editor"},
    "admin:content_pagerevision_restore": {"reviewer"},
}
"""Address -> the roles that may post to it."""

DRAFT_POST_ONLY = {
    "admin:screening_questionnaire_draft": {"reviewer", "editor"},
    "admin:screening_questionnaire_withdraw": {"reviewer"},
    "admin:screening_questionnairedraft_check": {"reviewer", "editor"},
    "admin:screening_questionnairedraft_review": {"reviewer", "editor"},
    "admin:screening_questionnairedraft_preview": {"reviewer", "editor"},
    "admin:screening_questionnairedraft_publish": {"reviewer"},
    **{f"admin:screening_{row}_move": {"reviewer", "editor"} for row in ("section", "question", "criterion")},
    "admin:screening_testpatient_sign": {"reviewer"},
    "admin:screening_questionnairedraft_drop": {"reviewer", "editor"},
}
"""The same for the questionnaire's desk; dropping comes last, since a closed draft takes no more."""

DJANGO_ADMIN_OWN = {
    "login",
    "logout",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
}


@pytest.fixture
def people(client, guide, questionnaire, editor, reviewer, nurse, administrator):
    return {
        "visitor": None,
        "editor": editor,
        "reviewer": reviewer,
        "nurse": nurse,
        "administrator": administrator,
    }


@pytest.fixture
def draft(people):
    return start_draft(Questionnaire.objects.get(), by=people["editor"], at=timezone.now())


def screening_address(name):
    model, _act = name.removeprefix("admin:screening_").split("_")
    row = apps.get_model("screening", model).objects.first()
    for args in ([], [row.pk], [row.pk, "summary"]):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def address(name):
    if name.startswith("admin:screening_"):
        return screening_address(name)
    page = Page.objects.get(key="morphine")
    for args in ([], [page.pk], [page.live_id]):
        wants_revision = "pagerevision" in name
        if wants_revision and args != [page.live_id]:
            continue
        try:
            return reverse(name, args=args)
        except Exception:  # noqa: S112 (the next number of arguments is tried)
            continue
    raise AssertionError(name)


def test_each_role_opens_its_own_addresses_and_no_other(client, people, draft):
    wrong = []
    for name, allowed in DESK.items():
        path = address(name)
        for role in ROLES:
            client.logout()
            if people[role]:
                client.force_login(people[role])
            status = client.get(path).status_code
            expected = {allowed[role]} if role in allowed else {302, 403}
            if status not in expected:
                wrong.append((name, role, status))
    assert wrong == []


def test_only_the_named_roles_post(client, people):
    for name, allowed in POST_ONLY.items():
        for role in ROLES:
            if role in allowed:
                continue
            client.logout()
            if people[role]:
                client.force_login(people[role])
            assert client.post(address(name)).status_code in (302, 403), (name, role)
            assert Page.objects.get(key="morphine").revisions.count() == 1
    client.force_login(people["reviewer"])
    assert client.get(address("admin:content_page_take_down")).status_code == 405
    client.post(address("admin:content_pagerevision_restore"))
    assert Page.objects.get(key="morphine").revisions.count() == 2


def test_only_the_named_roles_act_on_drafts_and_versions(client, people, draft):
    wrong = []
    for name, allowed in DRAFT_POST_ONLY.items():
        path = address(name)
        for role in sorted(ROLES, key=lambda role: role in allowed):
            client.logout()
            if people[role]:
                client.force_login(people[role])
            got, done = client.get(path), client.post(path)
            let_in = done.status_code == 302 and "/login/" not in done.url
            if let_in != (role in allowed) or (role in allowed and got.status_code != 405):
                wrong.append((name, role, got.status_code, done.status_code))
    assert wrong == []


def test_every_address_is_in_the_table():
    listed = PUBLIC | set(DESK) | set(POST_ONLY) | set(DRAFT_POST_ONLY) | {f"admin:{name}" for name in DJANGO_ADMIN_OWN}
    for model in admin.site._registry:
        for suffix in ("change", "delete", "history"):  # judged by the same permissions as the lists above
            listed.add(f"admin:{model._meta.app_label}_{model._meta.model_name}_{suffix}")
    listed.add("admin:auth_user_password_change")
    assert set(names(get_resolver())) - listed == set()


def names(resolver, space=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{space}{pattern.name}"
        else:
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def test_nobody_changes_a_published_questionnaire_in_the_admin(client, people, django_user_model):
    root = django_user_model.objects.create_superuser("root")
    client.force_login(root)
    version = Questionnaire.objects.get()
    path = reverse("admin:screening_questionnaire_change", args=[version.pk])
    client.post(path, {"note": "something else", "hash": "0" * 64})
    assert Questionnaire.objects.get().note == "Starting questionnaire"
    assert client.get(reverse("admin:screening_questionnaire_delete", args=[version.pk])).status_code == 403
