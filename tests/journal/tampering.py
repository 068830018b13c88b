"""What whoever owns the tables can do: write rows behind every trigger."""

from django.db import connection, transaction


def tamper(sql: str, *values) -> int:
    """Run a statement as the owner of the tables, every trigger silenced; how many rows it wrote."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        return cursor.rowcount
