from django.db import migrations, models
from django.utils import timezone


def begin_now(apps, schema_editor):
    apps.get_model("screening", "Upkeep").objects.filter(to_sweep=True).update(unswept_since=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("screening", "0006_wishes_and_words")]

    operations = [
        migrations.AddField("upkeep", "traces", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("upkeep", "unswept_since", models.DateTimeField(null=True)),
        migrations.RunPython(begin_now, migrations.RunPython.noop),
        migrations.RemoveField("upkeep", "to_sweep"),
    ]
