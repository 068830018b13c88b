from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0007_facts'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='rows',
            field=models.JSONField(default=dict, verbose_name='empreintes des lignes de tables'),
        ),
    ]
