import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_second_step")]

    operations = [
        migrations.RemoveConstraint("secondstep", "second_step_failures_have_a_time"),
        migrations.RenameField("secondstep", "failed_at", "counted_from"),
        migrations.AddConstraint(
            "secondstep",
            models.CheckConstraint(
                condition=models.Q(failures=0, counted_from=None)
                | models.Q(failures__gt=0, counted_from__isnull=False),
                name="second_step_failures_have_a_time",
            ),
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
                ("right_at", models.DateTimeField(null=True)),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="staff.secondstep"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("step", "hash"), name="second_step_place_once"),
                ],
            },
        ),
    ]
