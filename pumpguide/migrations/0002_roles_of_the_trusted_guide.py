from django.db import migrations

from pumpguide.roles import make_roles


class Migration(migrations.Migration):
    dependencies = [("pumpguide", "0001_roles"), ("content", "0002_trusted_guide")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
