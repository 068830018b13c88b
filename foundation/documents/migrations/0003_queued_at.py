from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0002_forms_letterheads_batches_and_terms"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="queued_at",
            field=models.DateTimeField(db_default=Now(), editable=False, verbose_name="mis en attente le"),
        ),
    ]
