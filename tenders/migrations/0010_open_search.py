import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenders", "0009_judging_and_contracts")]

    operations = [
        migrations.AddIndex(
            model_name="tender",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("state", "published")),
                fields=["department_codes", "search_vector"],
                name="tender_open_words",
            ),
        ),
        migrations.AddIndex(
            model_name="tender",
            index=models.Index(
                condition=models.Q(("state", "published")),
                fields=["submission_due_at", "id"],
                name="tender_open_due",
            ),
        ),
    ]
