import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PurchaseProject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(editable=False, max_length=20, verbose_name='référence')),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('origin', models.TextField(blank=True, verbose_name='origine du projet')),
                ('policy_field', models.CharField(blank=True, max_length=120, verbose_name='politique publique')),
                ('current_investments', models.TextField(blank=True, verbose_name='investissements en cours')),
                ('planned_investments', models.TextField(blank=True, verbose_name='investissements prévus')),
                ('inspiring_projects', models.TextField(blank=True, verbose_name='projets inspirants')),
                ('state', models.CharField(choices=[('draft', 'En préparation'), ('ready', 'Prêt'), ('closed', 'Clos')], default='draft', max_length=10, verbose_name='état')),
                ('created_at', models.DateTimeField(verbose_name='créé le')),
                ('updated_at', models.DateTimeField(verbose_name='modifié le')),
                ('ready_at', models.DateTimeField(blank=True, null=True, verbose_name='prêt le')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='clos le')),
                ('closing_reason', models.TextField(blank=True, verbose_name='motif de clôture')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': "projet d'achat",
                'verbose_name_plural': "projets d'achat",
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Brief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('problem', models.TextField(blank=True, verbose_name='le problème à résoudre')),
                ('users', models.TextField(blank=True, verbose_name='les usagers concernés')),
                ('existing', models.TextField(blank=True, verbose_name="ce qui existe aujourd'hui")),
                ('constraints', models.TextField(blank=True, verbose_name='les contraintes')),
                ('budget_min_excl_tax', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='budget minimal (€ HT)')),
                ('budget_max_excl_tax', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='budget maximal (€ HT)')),
                ('phase', models.CharField(choices=[('unknown', 'Pas encore définie'), ('investigation', 'Investigation'), ('construction', 'Construction'), ('consolidation', 'Consolidation'), ('transfer', 'Passation')], default='unknown', max_length=15, verbose_name='phase du service')),
                ('market_dialogue', models.TextField(blank=True, verbose_name='dialogue préalable avec le marché')),
                ('updated_at', models.DateTimeField(verbose_name='modifié le')),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='brief', to='needs.purchaseproject')),
            ],
            options={
                'verbose_name': 'expression du besoin',
                'verbose_name_plural': 'expressions du besoin',
            },
        ),
        migrations.CreateModel(
            name='StrategyLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('purchase', 'Achat'), ('rd_support', "Soutien à la R&D ou pacte d'innovation"), ('commons_partnership', 'Partenariat public-communs'), ('grant', 'Subvention'), ('training', 'Formation')], max_length=20, verbose_name="forme d'investissement")),
                ('title', models.CharField(max_length=200, verbose_name='intitulé')),
                ('start_date', models.DateField(blank=True, null=True, verbose_name='début')),
                ('end_date', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('budget_excl_tax', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='budget (€ HT)')),
                ('actors', models.TextField(blank=True, verbose_name='acteurs')),
                ('impacts', models.TextField(blank=True, verbose_name='impacts recherchés')),
                ('indicators', models.TextField(blank=True, verbose_name='indicateurs')),
                ('created_at', models.DateTimeField(verbose_name='ajoutée le')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='strategy_lines', to='needs.purchaseproject')),
            ],
            options={
                'verbose_name': 'ligne de stratégie',
                'verbose_name_plural': 'lignes de stratégie',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('buyer', 'Acheteur ou acheteuse'), ('prescriber', 'Prescripteur ou prescriptrice'), ('product_owner', 'Responsable produit'), ('elected', 'Élu ou élue'), ('reservist', 'Acheteur ou acheteuse réserviste'), ('juror', 'Membre du jury citoyen')], max_length=15, verbose_name='rôle')),
                ('joined_at', models.DateTimeField(verbose_name='arrivé le')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='needs.purchaseproject')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "membre de l'équipe",
                'verbose_name_plural': "membres de l'équipe",
                'ordering': ['joined_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProjectCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='année')),
                ('last_number', models.PositiveIntegerField(default=0, verbose_name='dernier numéro')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'year'), name='needs_counter_once_per_year')],
            },
        ),
        migrations.AddIndex(
            model_name='purchaseproject',
            index=models.Index(fields=['organisation', 'state', '-created_at'], name='needs_purch_organis_82516c_idx'),
        ),
        migrations.AddConstraint(
            model_name='purchaseproject',
            constraint=models.UniqueConstraint(fields=('organisation', 'reference'), name='needs_project_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='purchaseproject',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('ready_at__isnull', True), ('state', 'draft')), models.Q(('closed_at__isnull', True), ('ready_at__isnull', False), ('state', 'ready')), models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('closing_reason', ''), _negated=True)), _connector='OR'), name='needs_project_state_dates'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(('budget_min_excl_tax__isnull', True), ('budget_min_excl_tax__gte', 0), _connector='OR'), name='needs_brief_budget_range'),
        ),
        migrations.AddConstraint(
            model_name='brief',
            constraint=models.CheckConstraint(condition=models.Q(('budget_min_excl_tax__isnull', True), ('budget_max_excl_tax__isnull', True), ('budget_max_excl_tax__gte', models.F('budget_min_excl_tax')), _connector='OR'), name='needs_brief_budget_order'),
        ),
        migrations.AddConstraint(
            model_name='strategyline',
            constraint=models.CheckConstraint(condition=models.Q(('start_date__isnull', True), ('end_date__isnull', True), ('end_date__gte', models.F('start_date')), _connector='OR'), name='needs_line_dates_order'),
        ),
        migrations.AddConstraint(
            model_name='strategyline',
            constraint=models.CheckConstraint(condition=models.Q(('budget_excl_tax__isnull', True), ('budget_excl_tax__gte', 0), _connector='OR'), name='needs_line_budget_positive'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(fields=('project', 'user'), name='needs_member_once_per_project'),
        ),
    ]
