"""Working days until a call-back is due; the clinic's name now also offers to send summaries there."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0003_search")]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="callback_days",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="The desk’s list goes by it, Monday to Friday. It must fit the wait that you state above.",
                validators=[django.core.validators.MaxValueValidator(30)],
                verbose_name="working days until a call-back is due",
            ),
        ),
        migrations.AlterField(
            model_name="sitesettings",
            name="clinic_name",
            field=models.CharField(
                blank=True,
                help_text="With a name here, people may also send you their summary. They see the name first.",
                max_length=120,
                verbose_name="clinic name",
            ),
        ),
    ]
