from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0007_traces_are_counted")]

    operations = [
        migrations.AlterField(
            "testpatient",
            "findings",
            models.JSONField("expected findings", null=True, blank=True, default=None),
        ),
    ]
