"""What the platform's role may do with each table: granted by their owner after each migration, never assumed.

It reads everything. It adds rows where a model has triggers or a line in the `grants.py` of an app. It changes the
columns that no trigger freezes, never a primary key, where a trigger watches over changes or `CHANGED` says so. It
deletes where `DELETED` says so, and what Django deletes with it. It empties no table. A table that nobody declared is
only read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction
from django.db.models.deletion import CASCADE, SET_NULL, get_candidate_relations_to_delete

Model = type[models.Model]


@dataclass(frozen=True)
class Rights:
    """On one table, besides reading it: may rows be added, deleted; which columns may change."""

    add: bool = False
    delete: bool = False
    change: frozenset[str] = frozenset()


@dataclass
class Declared:
    """What the `grants.py` of the apps say: labels of models (« tenders.Lot »)."""

    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    by_trigger: set[str] = field(default_factory=set)

    @property
    def any(self) -> set[str]:
        """Every model that has a line."""
        return self.added | self.changed | self.deleted


@cache
def declared() -> Declared:
    """All the lines, read once."""
    whole = Declared()
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.grants"):
            lines = import_module(f"{config.name}.grants")
            whole.added |= getattr(lines, "ADDED", set())
            whole.changed |= getattr(lines, "CHANGED", set())
            whole.deleted |= getattr(lines, "DELETED", set())
            whole.by_trigger |= getattr(lines, "WRITTEN_BY_A_TRIGGER", set())
    return whole


def rights() -> dict[str, Rights]:
    """Table → rights, for every model; a table that is not here is only read."""
    known = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    triggers = _triggers()
    gone, loosened = _deleted()
    return {
        model._meta.db_table: _rights_on(
            model, triggers.get(model, []), gone=model in gone, loosened=loosened.get(model, set())
        )
        for model in known
    }


def kept_models() -> list[Model]:
    """Those whose rows stay as they were written: a trigger refuses every change and every deletion."""
    return [
        model
        for model, triggers in _triggers().items()
        if any(_forbids_deletion(trigger) for trigger in triggers)
        and columns_of(model) <= set().union(*(_frozen(model, trigger) for trigger in triggers))
    ]


def _triggers() -> dict[Model, list]:
    found: dict[Model, list] = {}
    for model, trigger in pgtrigger.registered():
        found.setdefault(model, []).append(trigger)
    return found


def _rights_on(model: Model, triggers: list, *, gone: bool, loosened: set[str]) -> Rights:
    label, lines = model._meta.label, declared()
    holder = model._meta.auto_created
    is_known = bool(triggers) or label in lines.any or gone or (holder and _rights_known(holder))
    watched = any(_watches_changes(trigger) for trigger in triggers)
    columns = columns_of(model) if watched or label in lines.changed else loosened
    return Rights(
        add=is_known and label not in lines.by_trigger,
        delete=gone and not any(_forbids_deletion(trigger) for trigger in triggers),
        change=frozenset(columns - set().union(*(_frozen(model, trigger) for trigger in triggers))),
    )


def _rights_known(model: Model) -> bool:
    """Whether the model that has this many-to-many relation is one that the platform writes."""
    return model in _triggers() or model._meta.label in declared().any


def columns_of(model: Model) -> set[str]:
    """What a row may have changed: all but its key and what the database computes."""
    fields = model._meta.local_concrete_fields
    return {f.column for f in fields if f.column and not f.primary_key and not f.generated}


def _operations(trigger) -> list:
    return list(trigger.operation or ())


def _watches_changes(trigger) -> bool:
    """A trigger that lets some changes pass: the table has a life."""
    return any(
        isinstance(operation, pgtrigger.UpdateOf) or operation == pgtrigger.Update
        for operation in _operations(trigger)
    )


def _is_absolute(trigger) -> bool:
    """A refusal without condition, of each row."""
    return isinstance(trigger, pgtrigger.Protect) and not trigger.condition


def _forbids_deletion(trigger) -> bool:
    return _is_absolute(trigger) and pgtrigger.Delete in _operations(trigger)


def _frozen(model: Model, trigger) -> set[str]:
    """The columns that this trigger lets nobody change."""
    if not _is_absolute(trigger):
        return set()
    if isinstance(trigger, pgtrigger.ReadOnly):
        left = trigger.exclude or ()
        names = trigger.fields or [f.name for f in model._meta.local_concrete_fields if f.name not in left]
        return {model._meta.get_field(name).column for name in names}
    frozen: set[str] = set()
    for operation in _operations(trigger):
        if isinstance(operation, pgtrigger.UpdateOf):
            frozen |= set(operation.columns)
        elif operation == pgtrigger.Update:
            frozen |= columns_of(model)
    return frozen


def _deleted() -> tuple[set[Model], dict[Model, set[str]]]:
    """What is deleted, with what Django deletes after it; and the keys that it empties instead."""
    waiting = [apps.get_model(label) for label in declared().deleted]
    gone: set[Model] = set()
    loosened: dict[Model, set[str]] = {}
    while waiting:
        model = waiting.pop()
        if model in gone:
            continue
        gone.add(model)
        for relation in get_candidate_relations_to_delete(model._meta):
            if relation.on_delete is CASCADE:
                waiting.append(relation.related_model)
            elif relation.on_delete is SET_NULL:
                loosened.setdefault(relation.related_model, set()).add(relation.field.column)
    return gone, loosened


def differences(using: str = "default") -> tuple[list[str], list[str]]:
    """What the present role may do beyond what is declared, then what is declared and not granted to it.

    « journal_entry DELETE »; the owner of the tables, or a superuser, may do everything beyond.
    """
    too_many, missing, told = [], [], rights()
    with connections[using].cursor() as cursor:
        cursor.execute(HELD)
        for table, held, columns in cursor.fetchall():
            given = told.get(table, Rights())
            wanted = set(_verbs(given))
            wanted |= {f"UPDATE {column}" for column in given.change}
            has = set(held) | {f"UPDATE {column}" for column in columns}
            too_many += [f"{table} {verb}" for verb in sorted(has - wanted)]
            missing += [f"{table} {verb}" for verb in sorted(wanted - has)]
    return too_many, missing


HELD = """
    SELECT c.relname, ARRAY(
        SELECT verb FROM unnest('{SELECT,INSERT,DELETE,TRUNCATE,TRIGGER,REFERENCES}'::text[]) verb
        WHERE has_table_privilege(c.oid, verb)), ARRAY(
        SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
        AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'UPDATE'))
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname
"""
"""What the present role holds on each table, by itself, by another role or by being its owner."""


def apply(using: str = "default") -> None:
    """Grant, as the owner of the tables, in one transaction; nothing where the platform has no role of its own.

    What was granted before and is no longer declared is taken back.
    """
    connection = connections[using]
    role = settings.DATABASE_PLATFORM_ROLE
    with connection.cursor() as cursor:
        cursor.execute(WHO, [role])
        has_role, owns_base = cursor.fetchone()
        if not has_role:
            return
        doors = _doors(connection, role) if owns_base else ()
        cursor.execute(OWNED)
        orders = [*doors, *_on_tables(connection, role, cursor.fetchall())]
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute(";\n".join(orders))


WHO = """
    SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND rolname <> current_user),
        (SELECT pg_has_role(current_user, datdba, 'USAGE') FROM pg_database WHERE datname = current_database())
"""
OWNED = """
    SELECT c.relname, c.relkind, ARRAY(
        SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND pg_has_role(current_user, c.relowner, 'USAGE') ORDER BY c.relname
"""
"""The tables, views and sequences of who asks, with their columns."""


def _doors(connection, role: str) -> Iterator[str]:
    """The database and its schema: to come in, to look, and to make nothing, not even a temporary table."""
    name, base = connection.ops.quote_name(role), connection.ops.quote_name(connection.settings_dict["NAME"])
    yield f"REVOKE ALL ON DATABASE {base} FROM PUBLIC, {name}"
    yield f"GRANT CONNECT ON DATABASE {base} TO {name}"
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"


def _on_tables(connection, role: str, owned: list[tuple]) -> Iterator[str]:
    quote, told = connection.ops.quote_name, rights()
    for table, kind, columns in owned:
        what, whom = f"{'SEQUENCE ' if kind == 'S' else ''}{quote(table)}", quote(role)
        yield f"REVOKE ALL ON {what} FROM PUBLIC, {whom}"
        yield f"GRANT {_granted(quote, told.get(table, Rights()), set(columns))} ON {what} TO {whom}"


def _granted(quote, given: Rights, columns: set[str]) -> str:
    """« SELECT, INSERT, UPDATE ("state") »: columns that a later migration brings are left out."""
    verbs = _verbs(given)
    if changed := sorted(given.change & columns):
        verbs.append(f"UPDATE ({', '.join(map(quote, changed))})")
    return ", ".join(verbs)


def _verbs(given: Rights) -> list[str]:
    return ["SELECT", *(["INSERT"] if given.add else []), *(["DELETE"] if given.delete else [])]
