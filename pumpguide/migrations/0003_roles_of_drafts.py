from django.db import migrations

from pumpguide.roles import make_roles


class Migration(migrations.Migration):
    dependencies = [("pumpguide", "0001_roles"), ("screening", "0003_frozen")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
