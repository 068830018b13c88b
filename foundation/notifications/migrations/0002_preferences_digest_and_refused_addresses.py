import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=80, verbose_name='message')),
                ('pace', models.CharField(choices=[('at_once', 'par e-mail, tout de suite'), ('daily', 'dans le résumé du jour'), ('weekly', 'dans le résumé de la semaine'), ('centre', 'dans le centre seulement, sans e-mail'), ('nothing', 'rien')], max_length=10, verbose_name='quand')),
                ('chosen_at', models.DateTimeField(verbose_name='choisi le')),
            ],
            options={
                'verbose_name': 'préférence',
                'verbose_name_plural': 'préférences',
                'ordering': ['recipient', 'kind'],
            },
        ),
        migrations.CreateModel(
            name='RefusedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('source', models.CharField(choices=[('smtp', 'refusée au moment de l’envoi'), ('report', 'avis de non-remise reçu après l’envoi')], max_length=10, verbose_name='appris par')),
                ('code', models.CharField(max_length=20, verbose_name='code de la messagerie')),
                ('refused_at', models.DateTimeField(verbose_name='refuse depuis le')),
            ],
            options={
                'verbose_name': 'adresse qui refuse nos messages',
                'verbose_name_plural': 'adresses qui refusent nos messages',
                'ordering': ['email'],
            },
        ),
        migrations.AddField(
            model_name='notification',
            name='digest',
            field=models.CharField(blank=True, choices=[('at_once', 'par e-mail, tout de suite'), ('daily', 'dans le résumé du jour'), ('weekly', 'dans le résumé de la semaine'), ('centre', 'dans le centre seulement, sans e-mail'), ('nothing', 'rien')], db_default='', default='', max_length=10, verbose_name='résumé'),
        ),
        migrations.AddField(
            model_name='notification',
            name='digest_email',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='lines', to='notifications.outboxemail', verbose_name='parti dans le résumé'),
        ),
        migrations.AddField(
            model_name='notification',
            name='event',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='événement'),
        ),
        migrations.AddField(
            model_name='outboxemail',
            name='bounced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='revenu le'),
        ),
        migrations.AddField(
            model_name='outboxemail',
            name='sent_to',
            field=models.EmailField(blank=True, db_default='', default='', max_length=254, verbose_name='remis à l’adresse'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('digest__in', ('daily', 'weekly')), ('digest_email__isnull', True), ('read_at__isnull', True)), fields=['created_at'], name='notifications_for_a_digest'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.CheckConstraint(condition=models.Q(('digest__in', ['', 'daily', 'weekly'])), name='notifications_digest_is_daily_or_weekly'),
        ),
        migrations.AddField(
            model_name='preference',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne'),
        ),
        migrations.AddConstraint(
            model_name='refusedaddress',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='notifications_address_refused_once'),
        ),
        migrations.AddConstraint(
            model_name='refusedaddress',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['smtp', 'report'])), name='notifications_bounce_source_known'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.UniqueConstraint(fields=('recipient', 'kind'), name='notifications_one_choice_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('pace__in', ['at_once', 'daily', 'weekly', 'centre', 'nothing'])), name='notifications_preference_pace_known'),
        ),
    ]
