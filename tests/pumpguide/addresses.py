"""Every address of the site and who may open it; test_permissions.py holds the site against it.

A new address gets a row in the part it belongs to, or the tests fail.
"""

from dataclasses import dataclass, field

READ, FORM = {"GET", "HEAD"}, {"GET", "HEAD", "POST"}


@dataclass(frozen=True)
class Row:
    """``read``: role -> status of a GET; a role that is not named is refused. None: nobody reads, it only takes posts.

    ``write``: the roles whose POST is let in; None: those who read. ``args``: what the address is made with; None: the
    test finds a row of the model that the name speaks of.
    """

    read: dict[str, int] | None = field(default_factory=dict)
    write: frozenset[str] | None = None
    args: tuple | None = None

    @property
    def posters(self) -> frozenset[str]:
        return frozenset(self.read or ()) if self.write is None else self.write


def opens(*roles, status=200, write=None, args=None, **others):
    """A row by its roles; others get their own status: ``opens("editor", reviewer=302)``."""
    given = {**dict.fromkeys(roles, status), **others}
    return Row(given, None if write is None else frozenset(write.split()), args)


def posts(*roles, args=None):
    """A row that takes nothing but posts."""
    return Row(None, frozenset(roles), args)


NOBODY = opens()
STAFF = ("editor", "reviewer", "nurse", "administrator")
EDITORS = ("editor", "reviewer")
PAGE_READERS = ("editor", "reviewer", "administrator")

# --- open to everyone: name -> (address, methods) ------------------------------------------------------------------

GUIDE = {
    "healthz": ("/healthz", READ),
    "content:page": ("/medicines/morphine/", READ),
    "content:search": ("/search/", READ),
    "content:feedback": ("/feedback/morphine/", FORM),
    "content:preview": ("/preview/abc/", READ),  # by a signed link alone
    "content:picture": (f"/pictures/{'a' * 64}.webp", READ),
    "content:sitemap": ("/sitemap.xml", READ),
    "content:robots": ("/robots.txt", READ),
    "content:changes": ("/changes.xml", READ),
    "content:corrections": ("/corrections/", READ),
}

PATIENT = {
    "screening:start": ("/screening/", FORM),
    "screening:question": ("/screening/question/main-problem/", FORM),
    "screening:check": ("/screening/check/", READ),
    "screening:summary": ("/screening/summary/", READ),
    "screening:help-now": ("/screening/help-now/", READ),
    "screening:under-18": ("/screening/under-18/", READ),
    "screening:leave": ("/screening/leave/", FORM),
    "screening:left": ("/screening/left/", READ),
    "screening:renew": ("/screening/renew/", FORM),
    "screening:how-this-works": ("/screening/how-this-works/", READ),
    "screening:how-version-works": ("/screening/how-this-works/1/", READ),
    "screening:take-text": ("/screening/take/summary.txt", READ),
    "screening:take-pdf": ("/screening/take/summary.pdf", READ),
    "screening:take-json": ("/screening/take/summary.json", READ),
    "screening:take-large": ("/screening/take/large/", READ),
    "screening:send": ("/screening/send/", FORM),
    "screening:sent": ("/screening/sent/", READ),
    "screening:delete": ("/screening/delete/", FORM),
    # a refusal would log the address, which holds a secret: whatever the method, the answer is the page with one button
    "screening:delete-link": (
        "/screening/delete/AAAAAAAAAAAAAAAAAAAAAA/",
        {*FORM, "PUT", "PATCH", "DELETE", "OPTIONS"},
    ),
    "screening:deleted": ("/screening/deleted/", READ),
    "screening:deletion-asked": ("/screening/deletion-asked/", READ),
    "screening:call": ("/screening/call/", FORM),
    "screening:called": ("/screening/called/", READ),
}

OPEN = {**GUIDE, **PATIENT, "admin:login": ("/admin/login/", FORM)}

# --- for staff: name -> Row ----------------------------------------------------------------------------------------

ACCOUNT = {
    "staff:home": opens(*STAFF, status=302, write=""),
    "staff:session": opens(*STAFF, write=""),
    "staff:verify": opens(*STAFF, status=302),  # the second step is off in most tests; see test_two_factor.py
    "staff:set-up": opens(*STAFF),
    "staff:second-step": opens(*STAFF, status=302),
    "admin:logout": posts(*STAFF),
    "admin:password_change": opens(*STAFF),
    "admin:password_change_done": opens(*STAFF, write=""),
}

ADMIN = {
    "admin:index": opens(*STAFF),
    "admin:jsi18n": opens(*STAFF, write=""),
    "admin:autocomplete": NOBODY,  # opens only with the name of a field one may change
    "admin:app_list": opens(*PAGE_READERS, nurse=404, args=("content",)),
    "admin:view_on_site": opens(*STAFF, status=404, args=(1, 999_999)),
    "admin:auth_user_changelist": opens("administrator"),
    "admin:auth_user_add": opens("administrator"),
    "admin:auth_user_change": opens("administrator"),
    "admin:auth_user_password_change": opens("administrator"),
    "admin:auth_user_history": opens("administrator"),
    "admin:auth_user_delete": NOBODY,
    "admin:auth_group_changelist": opens("administrator"),
    "admin:auth_group_add": NOBODY,
    "admin:auth_group_change": opens("administrator", write=""),
    "admin:auth_group_history": opens("administrator"),
    "admin:auth_group_delete": NOBODY,
}


def lists(model, *, add="editor", change="editor", delete="", readers=EDITORS):
    """The pages that Django's admin has for a model; each argument names the roles that may, by words."""
    return {
        f"admin:{model}_changelist": opens(*readers),
        f"admin:{model}_history": opens(*readers),
        f"admin:{model}_add": opens(*add.split()),
        f"admin:{model}_change": opens(*readers, write=change),
        f"admin:{model}_delete": opens(*delete.split()),
    }


GUIDE_DESK = {
    **lists("content_page", readers=PAGE_READERS),
    **{f"admin:content_page_{task}": opens(*PAGE_READERS) for task in ("preview", "compare", "revisions")},
    "admin:content_page_send": opens("editor"),
    **{
        f"admin:content_page_{step}": opens("reviewer")
        for step in ("review", "publish", "check", "expire", "take_down")
    },
    "admin:content_page_unschedule": posts("reviewer"),
    "admin:content_page_send_back": posts(*EDITORS),
    "admin:content_pagerevision_view": opens(*PAGE_READERS),
    "admin:content_pagerevision_restore": posts("reviewer"),
    **lists("content_claim", change="editor reviewer"),
    **{path: row for model in ("source", "topic", "term", "person") for path, row in lists(f"content_{model}").items()},
    **{
        path: row
        for model in ("picture", "correction", "redirect", "synonym")
        for path, row in lists(f"content_{model}", delete="editor").items()
    },
    **lists("content_feedback", add="", change="", readers=PAGE_READERS),
    **lists("content_sitesettings", add="", change="editor administrator", readers=PAGE_READERS),
    "admin:content_sitesettings_changelist": opens(*PAGE_READERS, status=302),
}

DRAFT_ROWS = ("section", "question", "criterion", "text", "testpatient")
QUESTIONNAIRE_DESK = {
    **lists("screening_questionnaire", add="", change="", readers=STAFF),
    "admin:screening_questionnaire_files": opens(*STAFF),
    "admin:screening_questionnaire_fhir": opens(*STAFF),
    "admin:screening_questionnaire_draft": posts(*EDITORS),
    "admin:screening_questionnaire_withdraw": posts("reviewer"),
    **lists("screening_questionnairedraft", add="", change="editor reviewer"),
    **{
        f"admin:screening_questionnairedraft_{task}": opens(*EDITORS)
        for task in ("import", "words", "compare", "picture", "snapshot", "files", "fhir")
    },
    **{f"admin:screening_questionnairedraft_{act}": posts(*EDITORS) for act in ("check", "review", "preview", "drop")},
    "admin:screening_questionnairedraft_publish": posts("reviewer"),
    # a row is added with its draft in the address: see tests/screening/admin
    **{
        path: row
        for model in DRAFT_ROWS
        for path, row in lists(f"screening_{model}", add="", change="editor reviewer", delete="editor reviewer").items()
    },
    **{f"admin:screening_{row}_move": posts(*EDITORS) for row in ("section", "question", "criterion")},
    "admin:screening_testpatient_delete": opens("reviewer"),
    "admin:screening_testpatient_sign": posts("reviewer"),
    "admin:screening_text_delete": NOBODY,
}

INTAKE = {
    "intake:desk": opens("nurse"),
    "intake:screening": opens("nurse", write=""),
    "intake:delete": opens("nurse"),
    "intake:paper": opens("nurse"),
    **{
        f"intake:{act}": posts("nurse")
        for act in ("find", "contact", "review", "look", "print", "print-pdf", "export-csv", "export-fhir")
    },
}
"""The nurses' desk. What patients sent: nurses; an administrator only with the glass broken."""

QUEUE = {
    "intake:callbacks": opens("nurse", write=""),
    "intake:callback": opens("nurse", status=404, write=""),  # nobody asked; see tests/screening/intake
    **{
        f"intake:{act}": posts("nurse") for act in ("claim", "release", "reveal-callback", "attempt", "close", "reopen")
    },
    "intake:glass": opens("administrator", nurse=302),
    "intake:audit": opens("administrator"),
}
"""Call-backs, breaking the glass, and the audit."""

ENTER = {
    "intake:new": opens("nurse", write=""),
    "intake:phone": opens("nurse"),
    "intake:phone-question": opens("nurse", status=302, args=("age",)),  # no call was begun
    "intake:phone-help": opens("nurse", status=302, write=""),
    "intake:phone-check": opens("nurse", status=302),
    "intake:phone-stored": opens("nurse", status=302, write=""),
    "intake:blank": opens(*STAFF, write=""),
    "intake:blank-version": opens(*STAFF, write="", args=(1,)),
    "intake:enter": opens("nurse", args=(1,)),
    "intake:entered": opens("nurse", status=302, write="", args=("number",)),
}
"""What a nurse enters for a patient. A blank sheet says nothing of anybody."""

DESK = {**ACCOUNT, **ADMIN, **GUIDE_DESK, **QUESTIONNAIRE_DESK, **INTAKE, **QUEUE, **ENTER}
