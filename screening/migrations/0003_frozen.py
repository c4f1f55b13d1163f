from django.db import migrations

from pumpguide.publishing import freeze_table, thaw_table

TABLES = ("screening_questionnaire", "screening_withdrawal")


def freeze(apps, schema_editor):
    for table in TABLES:
        freeze_table(schema_editor.connection, table)


def thaw(apps, schema_editor):
    for table in TABLES:
        thaw_table(schema_editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("screening", "0002_drafts")]
    operations = [migrations.RunPython(freeze, thaw)]
