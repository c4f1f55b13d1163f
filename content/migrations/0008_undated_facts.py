"""A fact may rest on a document that bears no date; the page then says so."""

from django.db import migrations, models

AS_OF = models.DateField(
    blank=True,
    help_text="The date of the document this rests on. Empty: it has no date, or has not been checked; "
    "the page says so.",
    null=True,
    verbose_name="as of",
)


class Migration(migrations.Migration):
    dependencies = [("content", "0007_what_went_live")]

    operations = [
        migrations.AlterField(model_name="druguse", name="as_of", field=AS_OF),
        migrations.AlterField(model_name="pumptypefacts", name="as_of", field=AS_OF),
    ]
