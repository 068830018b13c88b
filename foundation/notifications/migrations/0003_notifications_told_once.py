"""Lines told before events had a name are all different; from now on the same event is one line."""

from django.db import migrations, models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat


def name_past_events(apps, schema_editor):
    lines = apps.get_model("notifications", "Notification").objects.filter(event="")
    lines.update(event=Concat(Value("line "), Cast(F("pk"), CharField())))


class Migration(migrations.Migration):

    dependencies = [("notifications", "0002_preferences_digest_and_refused_addresses")]

    operations = [
        migrations.RunPython(name_past_events, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                fields=("recipient", "kind", "object_type", "object_id", "event"),
                name="notifications_told_once",
            ),
        ),
    ]
