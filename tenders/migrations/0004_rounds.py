import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def first_rounds(apps, schema_editor):
    """Each consultation that has a key was published: its bids and its key become those of its first round."""
    Round, TenderKey, Bid = (apps.get_model("tenders", name) for name in ("Round", "TenderKey", "Bid"))
    for key in TenderKey.objects.select_related("tender"):
        tender = key.tender
        key.round = Round.objects.create(
            tender=tender,
            number=1,
            kind="offer",
            due_at=tender.submission_due_at,
            state="opened" if tender.opened_at else "sealed",
            created_at=key.created_at,
            opened_at=tender.opened_at,
        )
        key.save(update_fields=["round"])
        Bid.objects.filter(tender=tender).update(round=key.round)
    # The columns change next, in the same transaction: nothing may be left to check at its end.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitations_and_requests'),
        ('tenders', '0003_procedures_and_techniques'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OpenedFacts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('kind', models.CharField(choices=[('candidature', 'Candidatures'), ('offer', 'Offres'), ('final_offer', 'Offres finales')], max_length=12, verbose_name='nature')),
                ('due_at', models.DateTimeField(verbose_name='date limite')),
                ('is_restricted', models.BooleanField(default=False, verbose_name='réservé aux candidats invités')),
                ('state', models.CharField(choices=[('sealed', 'Plis scellés'), ('opened', 'Plis ouverts')], default='sealed', max_length=8, verbose_name='état')),
                ('created_at', models.DateTimeField(verbose_name='ouvert aux réponses le')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='plis ouverts le')),
            ],
            options={
                'verbose_name': 'tour',
                'verbose_name_plural': 'tours',
                'ordering': ['tender', 'number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='bid',
            name='bid_one_in_force',
        ),
        migrations.RemoveConstraint(
            model_name='sealedpart',
            name='sealed_prices_per_lot',
        ),
        migrations.RemoveConstraint(
            model_name='sealedpart',
            name='sealed_part_holds_one_ciphertext',
        ),
        migrations.RemoveConstraint(
            model_name='tender',
            name='tender_opened_after_deadline',
        ),
        migrations.AlterField(
            model_name='sealedpart',
            name='kind',
            field=models.CharField(choices=[('file', 'Fichier'), ('prices', 'Bordereau des prix'), ('candidature', 'Candidature'), ('answers', 'Réponses aux questions')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='sealedpart',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'file'), _negated=True), fields=('bid', 'kind', 'lot'), name='sealed_facts_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='sealedpart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'file'), ('sealed_data__isnull', True), ('sealed_facts__isnull', False), models.Q(('file', ''), _negated=True)), models.Q(('file', ''), ('kind__in', ['prices', 'answers']), ('lot__isnull', False), ('sealed_data__isnull', False)), models.Q(('file', ''), ('kind', 'candidature'), ('lot__isnull', True), ('sealed_data__isnull', False)), _connector='OR'), name='sealed_part_holds_one_ciphertext'),
        ),
        migrations.AddField(
            model_name='openedfacts',
            name='part',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='opened_facts', to='tenders.sealedpart'),
        ),
        migrations.AddField(
            model_name='round',
            name='invited',
            field=models.ManyToManyField(blank=True, related_name='+', to='accounts.organisation', verbose_name='candidats invités'),
        ),
        migrations.AddField(
            model_name='round',
            name='tender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='tenders.tender'),
        ),
        migrations.AddField(
            model_name='bid',
            name='round',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bids', to='tenders.round', verbose_name='tour'),
        ),
        migrations.AddField(
            model_name='tenderkey',
            name='round',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='key', to='tenders.round'),
        ),
        migrations.RunPython(first_rounds, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='bid',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bids', to='tenders.round', verbose_name='tour'),
        ),
        migrations.AlterField(
            model_name='tenderkey',
            name='round',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='key', to='tenders.round'),
        ),
        migrations.RemoveField(
            model_name='tenderkey',
            name='tender',
        ),
        migrations.AddConstraint(
            model_name='bid',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['deposited', 'opened'])), fields=('round', 'bidder'), name='bid_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(fields=('tender', 'number'), name='round_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('opened_at__isnull', False), ('state', 'opened')), models.Q(('opened_at__isnull', True), ('state', 'sealed')), _connector='OR'), name='round_opened_has_date'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('opened_at__isnull', True), ('opened_at__gte', models.F('due_at')), _connector='OR'), name='round_opened_after_deadline'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('is_restricted', True), ('number__gt', 1)), _connector='OR'), name='round_after_the_first_is_restricted'),
        ),
    ]
