from django.db import migrations

from pumpguide.roles import make_roles


class Migration(migrations.Migration):
    dependencies = [("pumpguide", "0002_roles_of_the_trusted_guide"), ("screening", "0003_frozen")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
