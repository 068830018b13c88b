import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A token made before this one keeps reading and no longer writes: its owner makes another, with its scopes."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("api", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesstoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                default=list,
                db_default=["read"],
                size=None,
                verbose_name="portées",
            ),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="warned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="fin annoncée le"),
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255, verbose_name="clé")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="empreinte de la demande")),
                ("status", models.PositiveSmallIntegerField(verbose_name="statut")),
                ("headers", models.JSONField(default=dict, verbose_name="en-têtes")),
                ("body", models.TextField(blank=True, verbose_name="réponse")),
                ("created_at", models.DateTimeField(db_index=True, verbose_name="répondue le")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="appelant",
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse gardée",
                "verbose_name_plural": "réponses gardées",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="api_keptanswer_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("created_at", models.DateTimeField(verbose_name="ouvert le")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="fermé le")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ouvert par",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="program",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("organisation", "name"),
                        name="api_program_one_open_of_each_name",
                    )
                ],
            },
        ),
    ]
