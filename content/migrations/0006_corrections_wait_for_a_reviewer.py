"""A correction waits for a second person to make it public; those that are public stay so."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0005_who_changed_people_and_pictures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='correction',
            name='authors',
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.AddField(
            model_name='correction',
            name='changed_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='changed at'),
        ),
        migrations.AddField(
            model_name='correction',
            name='changed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='correction',
            name='public_at',
            field=models.DateTimeField(
                blank=True, default=django.utils.timezone.now, editable=False, null=True, verbose_name='public since'
            ),
        ),
        migrations.AlterField(  # the rows that were there have their time now; new ones have none
            model_name='correction',
            name='public_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='public since'),
        ),
        migrations.AddField(
            model_name='correction',
            name='public_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made public by'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('public_by', None), ('public_at__isnull', False), _connector='OR'), name='correction_public_by_and_at'),
        ),
    ]
