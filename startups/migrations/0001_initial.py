import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import startups.models.iterations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('documents', '0001_initial'),
        ('framework_agreements', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # An iteration excludes another of the same startup: equality inside a GiST index needs this.
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Incubator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, unique=True, verbose_name='nom')),
                ('description', models.TextField(blank=True, verbose_name='présentation')),
                ('created_at', models.DateTimeField(verbose_name='créé le')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='administration')),
            ],
            options={
                'verbose_name': 'incubateur',
                'verbose_name_plural': 'incubateurs',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Startup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='nom')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='adresse')),
                ('problem', models.TextField(verbose_name='problème à résoudre')),
                ('users', models.TextField(blank=True, verbose_name='usagers visés')),
                ('solution', models.TextField(blank=True, verbose_name='nature du produit')),
                ('success_conditions', models.TextField(blank=True, verbose_name='conditions de succès')),
                ('target_impacts', models.TextField(blank=True, verbose_name='impacts visés')),
                ('website', models.URLField(blank=True, verbose_name='site')),
                ('source_note', models.TextField(blank=True, verbose_name='origine des informations')),
                ('has_national_impact', models.BooleanField(default=False, verbose_name='impact national')),
                ('phase', models.CharField(choices=[('investigation', 'Investigation'), ('construction', 'Construction'), ('consolidation', 'Consolidation'), ('transfer', 'Passation'), ('sustained', 'Pérennisée'), ('stopped', 'Arrêtée')], default='investigation', max_length=15, verbose_name='phase')),
                ('created_at', models.DateTimeField(verbose_name='créée le')),
                ('updated_at', models.DateTimeField(verbose_name='modifiée le')),
                ('incubator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='startups', to='startups.incubator', verbose_name='incubateur')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='administration')),
                ('product_owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='responsable de produit')),
            ],
            options={
                'verbose_name': "startup d'État",
                'verbose_name_plural': "startups d'État",
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='PhasePeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phase', models.CharField(choices=[('investigation', 'Investigation'), ('construction', 'Construction'), ('consolidation', 'Consolidation'), ('transfer', 'Passation'), ('sustained', 'Pérennisée'), ('stopped', 'Arrêtée')], max_length=15, verbose_name='phase')),
                ('started_date', models.DateField(verbose_name='début')),
                ('ended_date', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('decision', models.CharField(max_length=150, verbose_name='décision')),
                ('reason', models.TextField(verbose_name='motif')),
                ('decided_at', models.DateTimeField(verbose_name='décidé le')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('startup', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='startups.startup')),
            ],
            options={
                'verbose_name': 'période',
                'verbose_name_plural': 'périodes',
                'ordering': ['started_date', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Iteration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='numéro')),
                ('goal', models.TextField(verbose_name='objectif')),
                ('start_date', models.DateField(verbose_name='début')),
                ('end_date', models.DateField(verbose_name='fin')),
                ('state', models.CharField(choices=[('planned', 'Planifiée'), ('running', 'En cours'), ('demonstrated', 'Démontrée'), ('accepted', 'Admise'), ('deferred', 'Ajournée'), ('reduced', 'Admise avec réfaction'), ('rejected', 'Rejetée'), ('cancelled', 'Annulée')], default='planned', max_length=12, verbose_name='état')),
                ('planned_at', models.DateTimeField(verbose_name='planifiée le')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='commencée le')),
                ('demonstrated_at', models.DateTimeField(blank=True, null=True, verbose_name='démontrée le')),
                ('attendees', models.CharField(blank=True, max_length=300, verbose_name='personnes présentes')),
                ('minutes', models.TextField(blank=True, verbose_name='compte rendu de démonstration')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                ('cancel_reason', models.TextField(blank=True, verbose_name="motif d'annulation")),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='framework_agreements.purchaseorder', verbose_name='bon de commande')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('startup', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='iterations', to='startups.startup')),
            ],
            options={
                'verbose_name': 'itération',
                'verbose_name_plural': 'itérations',
                'ordering': ['startup', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='indicateur')),
                ('unit', models.CharField(max_length=60, verbose_name='unité')),
                ('created_at', models.DateTimeField(verbose_name='créé le')),
                ('startup', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='startups.startup')),
            ],
            options={
                'verbose_name': 'indicateur',
                'verbose_name_plural': 'indicateurs',
                'ordering': ['startup', 'created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StartupOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linked_at', models.DateTimeField(verbose_name='rattaché le')),
                ('linked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='framework_agreements.purchaseorder', verbose_name='bon de commande')),
                ('startup', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='order_links', to='startups.startup')),
            ],
            options={
                'verbose_name': 'bon de commande rattaché',
                'verbose_name_plural': 'bons de commande rattachés',
                'ordering': ['linked_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Story',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('persona', models.CharField(max_length=120, verbose_name='en tant que')),
                ('want', models.CharField(max_length=250, verbose_name='je veux')),
                ('benefit', models.CharField(max_length=250, verbose_name='afin de')),
                ('criteria', models.TextField(verbose_name="critères d'acceptation")),
                ('days', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='jours-homme')),
                ('state', models.CharField(choices=[('todo', 'À faire'), ('done', 'Présentée'), ('validated', 'Validée'), ('refused', 'Refusée')], default='todo', max_length=10, verbose_name='état')),
                ('presented_at', models.DateTimeField(blank=True, null=True, verbose_name='présentée le')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('refusal_reason', models.TextField(blank=True, verbose_name='motif du refus')),
                ('iteration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stories', to='startups.iteration')),
                ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='framework_agreements.orderline', verbose_name='ligne de commande')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'récit utilisateur',
                'verbose_name_plural': 'récits utilisateur',
                'ordering': ['iteration', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ImpactMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measured_date', models.DateField(verbose_name='date de la mesure')),
                ('value', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='valeur')),
                ('source', models.CharField(max_length=250, verbose_name='source')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='chiffre de démonstration')),
                ('recorded_at', models.DateTimeField(verbose_name='inscrite le')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='startups.indicator')),
            ],
            options={
                'verbose_name': "mesure d'impact",
                'verbose_name_plural': "mesures d'impact",
                'ordering': ['indicator', 'measured_date'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'measured_date'), name='measure_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Deliverable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('location', models.CharField(blank=True, max_length=300, verbose_name='où le trouver')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='remis le')),
                ('delivered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('expected', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='framework_agreements.expecteddeliverable', verbose_name='livrable')),
                ('iteration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliverables', to='startups.iteration')),
            ],
            options={
                'verbose_name': "livrable de l'itération",
                'verbose_name_plural': "livrables de l'itération",
                'ordering': ['iteration', 'expected__work_unit__position', 'expected__position'],
                'constraints': [models.UniqueConstraint(fields=('iteration', 'expected'), name='deliverable_once_per_iteration'), models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', True), ('delivered_by__isnull', True)), models.Q(('delivered_at__isnull', False), ('delivered_by__isnull', False), models.Q(('location', ''), _negated=True)), _connector='OR'), name='deliverable_delivered_facts')],
            },
        ),
        migrations.CreateModel(
            name='AcceptanceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(choices=[('accepted', 'Admission'), ('deferred', 'Ajournement'), ('reduced', 'Réfaction'), ('rejected', 'Rejet')], max_length=10, verbose_name='décision')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('reduction_percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='réfaction (%)')),
                ('recorded_days', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='jours-homme inscrits')),
                ('signed_at', models.DateTimeField(verbose_name='signé le')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document', verbose_name='procès-verbal')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('iteration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='startups.iteration')),
            ],
            options={
                'verbose_name': 'procès-verbal',
                'verbose_name_plural': 'procès-verbaux',
                'ordering': ['iteration', 'signed_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decision', 'deferred'), _negated=True), fields=('iteration',), name='record_one_final_per_iteration'), models.CheckConstraint(condition=models.Q(('decision', 'accepted'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='record_reason_unless_accepted'), models.CheckConstraint(condition=models.Q(models.Q(('decision', 'reduced'), ('reduction_percent__gt', 0), ('reduction_percent__lt', 100)), models.Q(models.Q(('decision', 'reduced'), _negated=True), ('reduction_percent__isnull', True)), _connector='OR'), name='record_reduction_iff_reduced'), models.CheckConstraint(condition=models.Q(models.Q(('decision__in', ['accepted', 'reduced']), ('recorded_days__gte', 0)), ('recorded_days', 0), _connector='OR'), name='record_days_only_when_paid')],
            },
        ),
        migrations.AddIndex(
            model_name='startup',
            index=models.Index(fields=['phase', 'name'], name='startup_by_phase'),
        ),
        migrations.AddConstraint(
            model_name='phaseperiod',
            constraint=models.CheckConstraint(condition=models.Q(('ended_date__isnull', True), ('ended_date__gte', models.F('started_date')), _connector='OR'), name='startup_period_dates_in_order'),
        ),
        migrations.AddConstraint(
            model_name='phaseperiod',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_date__isnull', True)), fields=('startup',), name='startup_one_open_period'),
        ),
        migrations.AddConstraint(
            model_name='iteration',
            constraint=models.UniqueConstraint(fields=('startup', 'number'), name='iteration_number_once'),
        ),
        migrations.AddConstraint(
            model_name='iteration',
            constraint=models.CheckConstraint(condition=models.Q(('end_date__gte', models.F('start_date')), ('end_date__lt', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('start_date'), '+', models.Value(datetime.timedelta(days=21))), output_field=models.DateField()))), name='iteration_three_weeks_at_most'),
        ),
        migrations.AddConstraint(
            model_name='iteration',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), expressions=[('startup', '='), (startups.models.iterations.DateRange('start_date', 'end_date', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&')], name='iteration_no_overlap'),
        ),
        migrations.AddConstraint(
            model_name='iteration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('demonstrated_at__isnull', True), ('started_at__isnull', True), ('state', 'planned')), models.Q(('decided_at__isnull', True), ('demonstrated_at__isnull', True), ('started_at__isnull', False), ('state', 'running')), models.Q(('decided_at__isnull', True), ('demonstrated_at__isnull', False), ('started_at__isnull', False), ('state', 'demonstrated')), models.Q(('decided_at__isnull', False), ('demonstrated_at__isnull', False), ('started_at__isnull', False), ('state__in', ('accepted', 'deferred', 'reduced', 'rejected'))), models.Q(('cancelled_at__isnull', False), ('state', 'cancelled')), _connector='OR'), name='iteration_state_dates'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.UniqueConstraint(fields=('startup', 'name'), name='indicator_name_once'),
        ),
        migrations.AddConstraint(
            model_name='startuporder',
            constraint=models.UniqueConstraint(fields=('startup', 'order'), name='startup_order_once'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.UniqueConstraint(fields=('iteration', 'position'), name='story_position_once'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='story_days_positive'),
        ),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('presented_at__isnull', True), ('settled_at__isnull', True), ('state', 'todo')), models.Q(('presented_at__isnull', False), ('settled_at__isnull', True), ('state', 'done')), models.Q(('refusal_reason', ''), ('settled_at__isnull', False), ('settled_by__isnull', False), ('state', 'validated')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state', 'refused'), models.Q(('refusal_reason', ''), _negated=True)), _connector='OR'), name='story_state_facts'),
        ),
    ]
