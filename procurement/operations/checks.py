"""What `manage.py doctor` looks at: each check says what is wrong and how to mend it, in French."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import User
from foundation.database import grants
from foundation.files import antivirus
from foundation.journal import authority
from foundation.journal.models import Link
from foundation.journal.verifier import leaf_hash
from foundation.screens.views.health import CHECKS as READY
from procurement.models import TaskRun
from procurement.operations import bypasses, measures
from procurement.operations.alerts import LIMITS
from procurement.operations.backups import TASK as BACKUP
from procurement.operations.pages import duration, size

EXTENSIONS = {"unaccent", "pg_trgm", "btree_gist", "btree_gin"}
CHECKED_LINES = 1000
"""How many of the last lines of the journal are hashed again."""
BACKUP_AGE = timedelta(hours=26)
BEAT_AGE = timedelta(minutes=5)
WORKER_SECONDS = 3.0


class State(StrEnum):
    """Good; to be known; to be mended."""

    GOOD = "✓"
    WARNING = "!"
    BROKEN = "✗"


@dataclass(frozen=True)
class Answer:
    """What a check found: what is, and what to do when it is not well."""

    state: State
    found: str = ""
    advice: str = ""


GOOD = Answer(State.GOOD)


def good(found: str = "") -> Answer:
    """All is well."""
    return Answer(State.GOOD, found)


def broken(found: str, advice: str) -> Answer:
    """Something must be mended."""
    return Answer(State.BROKEN, found, advice)


def unwise(found: str, advice: str) -> Answer:
    """Must be mended in production; elsewhere it is only said."""
    return Answer(State.BROKEN if in_production() else State.WARNING, found, advice)


def in_production() -> bool:
    """Whether the settings are those of production."""
    return settings.IN_PRODUCTION


def database(at: datetime) -> Answer:
    """PostgreSQL answers, and is recent enough."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
    if version < 15:
        return broken(f"PostgreSQL {version}", _("Il faut PostgreSQL 15 ou plus récent."))
    return good(f"PostgreSQL {version}")


def migrations(at: datetime) -> Answer:
    """Every migration is applied."""
    if READY["migrations"]():
        return GOOD
    return broken(_("des migrations manquent"), "manage.py migrate")


def triggers(at: datetime) -> Answer:
    """The triggers that keep journal, states and documents are there and awake."""
    wanted = {(model._meta.db_table, trigger.get_pgid(model)) for model, trigger in _registered()}
    wanted.add(("journal_entry", "journal_chain"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        )
        missing = wanted - set(cursor.fetchall())
    if missing:
        names = ", ".join(sorted(f"{table}.{name}" for table, name in missing)[:5])
        return broken(
            _("%(n)d déclencheurs absents ou éteints : %(names)s") % {"n": len(missing), "names": names},
            "manage.py migrate, " + _("avec le rôle propriétaire") + " (manage.py pgtrigger install)",
        )
    return good(_("%(n)d déclencheurs") % {"n": len(wanted)})


def _registered():
    import pgtrigger

    return pgtrigger.registered()


def role(at: datetime) -> Answer:
    """The platform's role owns nothing, and may do what the models declare: no more, no less."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, r.rolsuper OR pg_has_role(current_user, c.relowner, 'MEMBER')"
            " FROM pg_class c, pg_roles r WHERE c.oid = 'journal_entry'::regclass AND r.rolname = current_user"
        )
        name, is_owner = cursor.fetchone()
    if is_owner:
        return unwise(
            _("le rôle « %(name)s » peut éteindre les déclencheurs du journal ou le vider") % {"name": name},
            _("Deux rôles, comme dans deploy/postgresql-roles.sh : l'un migre, l'autre sert."),
        )
    too_many, missing = grants.differences()
    if too_many or missing:
        told = {"more": len(too_many), "less": len(missing), "names": ", ".join([*too_many, *missing][:5])}
        return broken(
            _("%(more)d droits de trop, %(less)d qui manquent : %(names)s") % told,
            "manage.py migrate, " + _("avec le rôle propriétaire"),
        )
    return good(name)


def guards(at: datetime) -> Answer:
    """Each known way around the triggers and the rights is tried, and refused; nothing of it stays."""
    if role(at).state != State.GOOD:
        return Answer(State.WARNING, _("rien n'a été essayé"), _("Réparez d'abord le rôle de la plateforme."))
    if passed := bypasses.of_this_platform():
        return broken(
            _("PostgreSQL a laissé passer : %(names)s") % {"names": ", ".join(passed[:5])},
            _("Coupez les accès à la base, cherchez ce qui a changé, puis manage.py migrate (propriétaire)."),
        )
    return good(_("%(n)d contournements essayés, aucun ne passe") % {"n": len(bypasses.bypasses(""))})


def extensions(at: datetime) -> Answer:
    """What PostgreSQL must have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = sorted(EXTENSIONS - {name for (name,) in cursor.fetchall()})
    if missing:
        orders = " ".join(f"CREATE EXTENSION {name};" for name in missing)
        return broken(_("il manque %(names)s") % {"names": ", ".join(missing)}, orders)
    return GOOD


def clock(at: datetime) -> Answer:
    """Web and database agree on the time: deadlines rest on the database's clock."""
    drift = measures.clock_drift()
    limit = LIMITS["jalon_clock_drift_seconds"]
    found = duration(drift)
    return broken(found, limit.advice) if limit.passed_by(drift) else good(found)


def broker(at: datetime) -> Answer:
    """Redis or Valkey answers."""
    if READY["broker"]():
        return GOOD
    return broken(_("la file ne répond pas"), _("Redis ou Valkey est-il lancé ? REDIS_URL est-elle juste ?"))


def worker(at: datetime) -> Answer:
    """At least one worker answers."""
    replies = current_app.control.ping(timeout=WORKER_SECONDS)
    if replies:
        return good(_("%(n)d worker") % {"n": len(replies)})
    return broken(_("aucun worker ne répond"), "celery -A procurement.celery:app worker")


def beat(at: datetime) -> Answer:
    """Something rings the scheduled tasks: the newest one began lately."""
    last = (
        TaskRun.objects.exclude(name=BACKUP)
        .order_by("-started_at")
        .values_list("started_at", flat=True)
        .first()
    )
    if last is None or at - last > BEAT_AGE:
        return broken(
            _("aucune tâche planifiée depuis plus de cinq minutes"),
            "celery -A procurement.celery:app beat " + _("(un seul), et un worker"),
        )
    return GOOD


def failed_tasks(at: datetime) -> Answer:
    """The last run of each scheduled task went well."""
    failed = [f"{run.name} ({run.error})" for run in TaskRun.objects.exclude(error="").order_by("name")]
    if failed:
        return Answer(State.WARNING, ", ".join(failed), _("Voyez les lignes « task_failed » du worker."))
    return GOOD


def storage(at: datetime) -> Answer:
    """Files can be written and taken away."""
    if READY["storage"]():
        return GOOD
    return broken(_("écriture impossible"), _("Droits du dossier, place, ou adresse de STORAGE_URL."))


def space(at: datetime) -> Answer:
    """Room for files."""
    told = measures.storage_space()
    if told is None:
        return good(_("stockage d'objets : la place se regarde chez lui"))
    limit = LIMITS["jalon_storage_free_bytes"]
    found = _("%(size)s libres") % {"size": size(told[0])}
    return broken(found, limit.advice) if limit.passed_by(told[0]) else good(found)


def mail(at: datetime) -> Answer:
    """The mail server takes a connection."""
    if "smtp" not in settings.EMAIL_BACKEND:
        return unwise(_("les messages ne partent pas : ils sont seulement écrits"), "EMAIL_URL=smtp+tls://…")
    server = get_connection(fail_silently=False)
    try:
        server.open()
    finally:
        server.close()
    return GOOD


def time_stamps(at: datetime) -> Answer:
    """An authority stamps the checkpoints of the journal."""
    if not authority.is_configured():
        return unwise(
            _("aucune autorité d'horodatage"), _("TSA_URL et TSA_CA_FILE : voir docs/operations.md.")
        )
    if authority.is_development():
        return unwise(
            _("autorité de développement, non qualifiée"),
            _("TSA_URL et TSA_CA_FILE : voir docs/operations.md."),
        )
    authority.stamp(b"doctor")
    return good(settings.TSA_URL)


def virus(at: datetime) -> Answer:
    """The antivirus, when one is wanted."""
    if not antivirus.is_configured():
        return Answer(
            State.WARNING, _("aucun antivirus : nos contrôles seuls"), _("CLAMD_URL, si vous en avez un.")
        )
    if antivirus.is_answering():
        return GOOD
    return broken(
        _("l'antivirus ne répond pas : tout dépôt est refusé"),
        _("clamd est-il lancé ? CLAMD_URL est-elle juste ?"),
    )


def second_factor(at: datetime) -> Answer:
    """Signatories, custodians and administrators need a second factor."""
    if settings.SECOND_FACTOR_REQUIRED:
        return GOOD
    return unwise(_("le second facteur n'est pas exigé"), "SECOND_FACTOR_REQUIRED=true")


def demonstration(at: datetime) -> Answer:
    """No demonstration account where people really buy."""
    if not in_production():
        return good(_("ce n'est pas une production"))
    if User.objects.filter(email__iendswith="@jalon.example", is_active=True).exists():
        return broken(
            _("des comptes de démonstration sont ouverts"), _("Fermez-les, ou repartez d'une base vide.")
        )
    return GOOD


def queue(at: datetime) -> Answer:
    """What waits in the queue is taken."""
    length, age = measures.queue()
    limit = LIMITS["jalon_queue_oldest_seconds"]
    found = _("%(n)d tâches, la plus ancienne depuis %(age)s") % {"n": length, "age": duration(age)}
    return broken(found, limit.advice) if limit.passed_by(age) else good(found)


def outbox(at: datetime) -> Answer:
    """E-mails leave."""
    told = measures.emails()
    age = measures.seconds_since(told["oldest"], at)
    limit = LIMITS["jalon_email_oldest_waiting_seconds"]
    if limit.passed_by(age):
        return broken(_("un e-mail attend depuis %(age)s") % {"age": duration(age)}, limit.advice)
    if told["abandoned"]:
        advice = LIMITS["jalon_emails_abandoned"].advice
        return Answer(State.WARNING, _("%(n)d e-mails abandonnés") % {"n": told["abandoned"]}, advice)
    return good(_("%(n)d à envoyer") % {"n": told["waiting"]})


def printed(at: datetime) -> Answer:
    """Documents are laid out."""
    told = measures.documents()
    age = measures.seconds_since(told["oldest"], at)
    limit = LIMITS["jalon_document_oldest_waiting_seconds"]
    if limit.passed_by(age):
        return broken(_("un document attend depuis %(age)s") % {"age": duration(age)}, limit.advice)
    if told["failed"]:
        advice = LIMITS["jalon_documents_failed"].advice
        return Answer(State.WARNING, _("%(n)d documents en échec") % {"n": told["failed"]}, advice)
    return good(_("%(n)d à produire") % {"n": told["waiting"]})


def journal(at: datetime) -> Answer:
    """The last lines of the journal still hash to what was chained; the objects are for `journal_verify`."""
    links = list(Link.objects.order_by("-index")[: CHECKED_LINES + 1])
    for newer, older in zip(links, [*links[1:], None], strict=True):
        if leaf_hash(newer.line.encode()).hex() != newer.leaf_hash or not _follows(newer, older):
            return broken(
                _("la ligne %(index)d ne tient plus") % {"index": newer.index},
                _(
                    "Gardez la base en l'état, lancez manage.py journal_verify, prévenez qui répond du journal."
                ),
            )
    said = _("%(n)d dernières lignes relues, sans les objets (manage.py journal_verify les compare)")
    return good(said % {"n": len(links[:CHECKED_LINES])})


def _follows(newer: Link, older: Link | None) -> bool:
    """The chain holds between two neighbours; the oldest one read is only held by its own leaf."""
    if older is None and newer.index > 0:
        return True
    if older is not None and older.index != newer.index - 1:
        return False
    previous = bytes.fromhex(older.chain_hash) if older else bytes(32)
    return hashlib.sha256(previous + bytes.fromhex(newer.leaf_hash)).hexdigest() == newer.chain_hash


def backup(at: datetime) -> Answer:
    """A backup was made lately."""
    last = TaskRun.objects.filter(name=BACKUP).values_list("succeeded_at", flat=True).first()
    if last is None:
        return unwise(_("aucune sauvegarde n'a été faite"), "manage.py backup")
    if at - last > BACKUP_AGE:
        age = duration((at - last).total_seconds())
        return unwise(_("la dernière sauvegarde date de %(age)s") % {"age": age}, "manage.py backup")
    return GOOD


@dataclass(frozen=True)
class Check:
    """A row of the table: what is looked at, and how."""

    title: str
    look: Callable[[datetime], Answer]


CHECKS: tuple[Check, ...] = (
    Check(gettext_lazy("Base de données"), database),
    Check(gettext_lazy("Migrations"), migrations),
    Check(gettext_lazy("Déclencheurs"), triggers),
    Check(gettext_lazy("Rôle de la plateforme"), role),
    Check(gettext_lazy("Gardes de la base"), guards),
    Check(gettext_lazy("Extensions de PostgreSQL"), extensions),
    Check(gettext_lazy("Horloges"), clock),
    Check(gettext_lazy("File des tâches"), broker),
    Check(gettext_lazy("Worker"), worker),
    Check(gettext_lazy("Tâches planifiées (beat)"), beat),
    Check(gettext_lazy("Résultat des tâches planifiées"), failed_tasks),
    Check(gettext_lazy("Attente dans la file"), queue),
    Check(gettext_lazy("Stockage des fichiers"), storage),
    Check(gettext_lazy("Place pour les fichiers"), space),
    Check(gettext_lazy("Serveur de courriel"), mail),
    Check(gettext_lazy("Messages à envoyer"), outbox),
    Check(gettext_lazy("Documents à produire"), printed),
    Check(gettext_lazy("Autorité d'horodatage"), time_stamps),
    Check(gettext_lazy("Antivirus"), virus),
    Check(gettext_lazy("Second facteur"), second_factor),
    Check(gettext_lazy("Données de démonstration"), demonstration),
    Check(gettext_lazy("Journal"), journal),
    Check(gettext_lazy("Sauvegarde"), backup),
)


def ask(check: Check, at: datetime) -> Answer:
    """The answer of a check; what fails while looking is broken, told by the name of the error."""
    try:
        return check.look(at)
    except Exception as error:
        return broken(
            type(error).__name__, _("Cette partie ne répond pas ; la ligne du journal en dit plus.")
        )
