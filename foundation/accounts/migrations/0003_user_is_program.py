from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_delegations"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_program",
            field=models.BooleanField(db_default=False, default=False, verbose_name="compte d’un programme"),
        ),
    ]
