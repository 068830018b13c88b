"""How triggers are written in the database: pgtrigger's own way, less the door it leaves open.

pgtrigger begins each trigger function with a look at a session variable, `pgtrigger.ignore`, that any role may set:
one SET, and the trigger does nothing. Our functions have no such line, and look for tables in the platform's schema
only, so that a temporary table cannot pass for one of them.
"""

from pgtrigger import compiler
from pgtrigger.compiler import UpsertTriggerSql

TEMPLATE = """
    CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        {declare}
        BEGIN
            {func}
        END;
    $$;
    DROP TRIGGER IF EXISTS {pgid} ON {table};
    CREATE {constraint} TRIGGER {pgid}
        {when} {operation} ON {table}
        {timing}
        {referencing}
        FOR EACH {level} {condition}
        EXECUTE FUNCTION {execute};
    COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
"""


class GuardSql(UpsertTriggerSql):
    """The SQL that installs a trigger, without exception for anybody."""

    def get_template(self) -> str:
        """The whole text, formatted by pgtrigger."""
        return TEMPLATE


def nobody_silences() -> None:
    """Have every way of installing triggers (migrate, `manage.py pgtrigger`) write ours. Called once, at start."""
    compiler.UpsertTriggerSql = GuardSql
