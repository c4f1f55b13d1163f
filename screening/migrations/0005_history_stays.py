from django.db import migrations

from pumpguide.guards import allow, keep_out_of_statistics, older_than, refuse

AUDIT_YEARS = 6
STAYS = {
    "screening_screening": (
        ["id", "sending_hash", "code_hash", "secret_hash", "questionnaire_id", "consent_id"]
        + ["disposition", "answered_by", "entered_by_id", "sent_at"]
    ),
    "screening_review": ["id", "screening_id", "link_id", "outcome", "found_in", "by_id", "at"],
    "screening_callbackattempt": ["id", "request_id", "reason", "again_at", "by_id", "at"],
    "screening_consentwording": ["id", "purpose", "language", "text", "hash", "first_used_at"],
    "screening_auditevent": [],
}

OF_PEOPLE = {
    "screening_screening": ["sending_hash", "code_hash", "secret_hash", "birth_hash", "record", "contact"],
    "screening_review": ["sealed"],
    "screening_sendcount": ["place"],
    "screening_callbackrequest": ["asking_hash", "contact", "address_hash", "phone_hash"],
}


def guard(apps, schema_editor):
    connection = schema_editor.connection
    for table, columns in OF_PEOPLE.items():
        keep_out_of_statistics(connection, table, columns)
    for table, columns in STAYS.items():
        refuse(connection, table, "update", "This is history and is never edited. Add a new row.", columns=columns)
    said = "The audit keeps its rows for six years."
    old = older_than(connection, "at", AUDIT_YEARS)
    refuse(connection, "screening_auditevent", "delete", said, when=f"NOT ({old})")


def unguard(apps, schema_editor):
    for table in STAYS:
        allow(schema_editor.connection, table, "update")
    allow(schema_editor.connection, "screening_auditevent", "delete")


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_handed_over")]
    operations = [migrations.RunPython(guard, unguard)]
