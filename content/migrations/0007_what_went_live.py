"""Which revisions did become public: one that waited for its time may have been called off before."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def note_what_was_public(apps, schema_editor):
    """As far as it can be told: all but what is still to come."""
    appearance, revision = (apps.get_model("content", name) for name in ("Appearance", "PageRevision"))
    gone_by = revision.objects.filter(published_at__lte=timezone.now()).values_list("pk", flat=True)
    appearance.objects.bulk_create(appearance(revision_id=pk) for pk in gone_by)


class Migration(migrations.Migration):

    dependencies = [("content", "0006_corrections_wait_for_a_reviewer")]

    operations = [
        migrations.CreateModel(
            name="Appearance",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="appearance",
                        serialize=False,
                        to="content.pagerevision",
                    ),
                ),
            ],
            options={"verbose_name": "appearance", "verbose_name_plural": "appearances"},
        ),
        migrations.RunPython(note_what_was_public, migrations.RunPython.noop),
    ]
