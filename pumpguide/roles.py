"""Staff roles: groups with the permissions each needs and no more. Made by migration; changed by a new migration."""

VERBS = ("add", "change", "delete", "view")


def all_on(*models):
    return [f"{verb}_{model}" for model in models for verb in VERBS]


DRAFT_ROWS = ("section", "question", "option", "criterion", "condition", "text", "testpatient")
EDIT_DRAFTS = [
    *(f"{verb}_{model}" for model in DRAFT_ROWS for verb in ("add", "change", "delete", "view")),
    *(f"{verb}_questionnairedraft" for verb in ("add", "change", "view")),
    "view_questionnaire",
]
SIGN_AND_PUBLISH = ["publish_questionnaire", "sign_testpatient"]

ROLES = {
    "Editor": {
        "content": [
            *["add_page", "change_page", "view_page", "view_pagerevision", "view_feedback"],
            *all_on("block", "claimsource", "drugfacts", "druguse", "pumptypefacts", "conditionfacts", "stepfacts"),
            *all_on("correction", "redirect", "synonym", "picture"),
            *[
                f"{verb}_{model}"
                for model in ("source", "topic", "claim", "term", "person")
                for verb in ("add", "change", "view")
            ],
            *["change_sitesettings", "view_sitesettings", "add_sitesettings"],
        ],
        "screening": EDIT_DRAFTS,
    },
    "Clinical reviewer": {
        "content": [
            *[
                "publish_page",
                "change_page",
                "view_page",
                "view_pagerevision",
                "view_feedback",
                "change_claim",
                "view_claim",
            ],
            *[f"view_{model}" for model in ("block", "source", "topic", "claimsource", "term", "person", "picture")],
            *[f"view_{model}" for model in ("drugfacts", "druguse", "pumptypefacts", "conditionfacts", "stepfacts")],
            *[f"view_{model}" for model in ("correction", "redirect", "synonym", "sitesettings")],
        ],
        "screening": [*EDIT_DRAFTS, *SIGN_AND_PUBLISH],
    },
    "Intake nurse": {"screening": ["view_questionnaire", "use_desk"]},
    "Administrator": {
        "auth": ["add_user", "change_user", "view_user", "view_group"],
        "content": ["view_page", "view_pagerevision", "view_feedback", "view_sitesettings", "change_sitesettings"],
        "screening": ["view_questionnaire", "break_glass", "view_auditevent"],
    },
}
"""Role -> app -> codenames of permissions."""


def make_roles(apps, schema_editor) -> None:
    """For a migration: make each role hold just the permissions named above, as far as their models exist by then.

    A permission of a model that a later migration makes is given by the roles migration that follows it; a test holds
    the outcome of all migrations against this table.
    """
    from django.apps import apps as real_apps
    from django.contrib.auth.management import create_permissions

    for label in ("auth", "content", "screening"):  # permissions are usually made only after all migrations
        create_permissions(
            real_apps.get_app_config(label), verbosity=0, apps=apps, using=schema_editor.connection.alias
        )
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, by_app in ROLES.items():
        group, _made = group_model.objects.get_or_create(name=name)
        group.permissions.clear()
        for label, codenames in by_app.items():
            known = permission_model.objects.filter(content_type__app_label=label, codename__in=codenames)
            group.permissions.add(*known)
