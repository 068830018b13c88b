from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0005_delegation_perimeters"),
    ]

    operations = [
        ValidateConstraint(model_name="delegation", name="delegation_perimeter_whole"),
    ]
