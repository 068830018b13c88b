
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
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
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('event_code', models.CharField(max_length=60, verbose_name='événement')),
                ('event_key', models.CharField(max_length=120, verbose_name='clé de l’événement')),
                ('body', models.TextField(verbose_name='message')),
                ('created_at', models.DateTimeField(verbose_name='écrit le')),
                ('state', models.CharField(choices=[('waiting', 'à envoyer'), ('delivered', 'reçu'), ('failed', 'abandonné')], default='waiting', max_length=10, verbose_name='état')),
                ('attempt_count', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='prochain essai')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='reçu le')),
                ('failed_at', models.DateTimeField(blank=True, null=True, verbose_name='abandonné le')),
                ('claim', models.UUIDField(blank=True, null=True, verbose_name='envoi en cours')),
            ],
            options={
                'verbose_name': 'envoi',
                'verbose_name_plural': 'envois',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tried_at', models.DateTimeField(verbose_name='essayé le')),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='réponse')),
                ('latency_ms', models.PositiveIntegerField(verbose_name='durée (ms)')),
                ('excerpt', models.CharField(blank=True, max_length=500, verbose_name='début de la réponse')),
                ('error', models.CharField(blank=True, max_length=250, verbose_name='erreur')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='webhooks.delivery')),
            ],
            options={
                'verbose_name': 'essai',
                'verbose_name_plural': 'essais',
                'ordering': ['-tried_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=500, verbose_name='adresse')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='à quoi elle sert')),
                ('event_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None, verbose_name='événements')),
                ('state', models.CharField(choices=[('active', 'en service'), ('paused', 'en pause'), ('stopped', 'arrêté : il ne répondait plus')], default='active', max_length=10, verbose_name='état')),
                ('created_at', models.DateTimeField(verbose_name='ajoutée le')),
                ('updated_at', models.DateTimeField(verbose_name='modifiée le')),
                ('failing_since_at', models.DateTimeField(blank=True, null=True, verbose_name='ne répond plus depuis le')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='dernier envoi reçu le')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='arrêtée le')),
                ('stop_reason', models.CharField(blank=True, max_length=250, verbose_name='raison de l’arrêt')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ajoutée par')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'adresse d’envoi',
                'verbose_name_plural': 'adresses d’envoi',
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='endpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.endpoint'),
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ciphertext', models.TextField(verbose_name='secret chiffré')),
                ('created_at', models.DateTimeField(verbose_name='fait le')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='ne signe plus après le')),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='webhooks.endpoint')),
            ],
            options={
                'verbose_name': 'secret',
                'verbose_name_plural': 'secrets',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.AddIndex(
            model_name='endpoint',
            index=models.Index(condition=models.Q(('state', 'active')), fields=['organisation'], name='webhooks_endpoint_active'),
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'paused', 'stopped'])), name='webhooks_endpoint_state_known'),
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), ('stopped_at__isnull', False)), models.Q(models.Q(('state', 'stopped'), _negated=True), ('stopped_at__isnull', True)), _connector='OR'), name='webhooks_endpoint_stopped_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.CheckConstraint(condition=models.Q(('url__startswith', 'https://'), ('url__startswith', 'http://'), _connector='OR'), name='webhooks_endpoint_url_is_http'),
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.UniqueConstraint(fields=('organisation', 'url'), name='webhooks_endpoint_once'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_try_at'], name='webhooks_delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['endpoint', '-created_at', '-id'], name='webhooks_delivery_log'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('endpoint', 'event_code', 'event_key'), name='webhooks_event_told_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_try_at__isnull', False), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('next_try_at__isnull', True)), _connector='OR'), name='webhooks_waiting_has_next_try'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delivered_at__isnull', False), ('state', 'delivered')), models.Q(('state', 'delivered'), _negated=True), _connector='OR'), name='webhooks_delivered_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('failed_at__isnull', False), ('state', 'failed')), models.Q(('state', 'failed'), _negated=True), _connector='OR'), name='webhooks_failed_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='secret',
            constraint=models.UniqueConstraint(condition=models.Q(('expires_at__isnull', True)), fields=('endpoint',), name='webhooks_one_current_secret'),
        ),
    ]
