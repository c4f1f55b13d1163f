from django.db import migrations

from pumpguide.roles import make_roles


class Migration(migrations.Migration):
    dependencies = [("pumpguide", "0003_roles_of_drafts"), ("screening", "0005_history_stays")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
