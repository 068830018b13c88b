"""E-mails may go to addresses without an account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_queued_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField(
            model_name="outboxemail",
            name="recipient",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="destinataire",
            ),
        ),
        migrations.AddField(
            model_name="outboxemail",
            name="guest_email",
            field=models.EmailField(
                blank=True, db_default="", default="", max_length=254, verbose_name="adresse sans compte"
            ),
        ),
        migrations.AddField(
            model_name="outboxemail",
            name="leave_path",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=500, verbose_name="page de désinscription"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxemail",
            constraint=models.CheckConstraint(
                condition=models.Q(("guest_email", ""), ("recipient__isnull", False))
                | models.Q(("recipient__isnull", True), models.Q(("guest_email", ""), _negated=True)),
                name="notifications_email_has_one_reader",
            ),
        ),
    ]
