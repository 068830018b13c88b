from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from foundation.accounts.models.delegations import Period


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0004_invitations_and_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="delegation",
            name="perimeter_type",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="nature du périmètre"),
        ),
        migrations.AddField(
            model_name="delegation",
            name="perimeter_id",
            field=models.CharField(blank=True, db_default="", max_length=40, verbose_name="objet du périmètre"),
        ),
        migrations.AddField(
            model_name="delegation",
            name="perimeter_label",
            field=models.CharField(blank=True, db_default="", max_length=250, verbose_name="périmètre"),
        ),
        AddConstraintNotValid(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("perimeter_id", ""), ("perimeter_type", "")),
                    models.Q(
                        models.Q(("perimeter_type", ""), _negated=True),
                        models.Q(("perimeter_id", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="delegation_perimeter_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=ExclusionConstraint(
                name="delegation_given_once_in_perimeter",
                expressions=[
                    ("principal", RangeOperators.EQUAL),
                    ("delegate", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("perimeter_type", RangeOperators.EQUAL),
                    ("perimeter_id", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(("revoked_at__isnull", True)),
            ),
        ),
        migrations.RemoveConstraint(model_name="delegation", name="delegation_given_once"),
    ]
