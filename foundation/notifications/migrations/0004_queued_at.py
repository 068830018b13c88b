from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):

    dependencies = [
        ("notifications", "0003_notifications_told_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxemail",
            name="queued_at",
            field=models.DateTimeField(db_default=Now(), editable=False, verbose_name="mis en attente le"),
        ),
    ]
