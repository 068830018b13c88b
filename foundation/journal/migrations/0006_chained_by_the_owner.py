"""The trigger that chains writes with the rights of the owner: the platform may not write a link itself.

It looks for its tables in the platform's schema only, whatever the session says of its own search path.
"""

from django.db import migrations

OWNER = "ALTER FUNCTION journal_chain() SECURITY DEFINER SET search_path = public, pg_temp"
CALLER = "ALTER FUNCTION journal_chain() SECURITY INVOKER RESET search_path"


class Migration(migrations.Migration):
    dependencies = [("journal", "0005_signing_keys")]

    operations = [migrations.RunSQL(OWNER, CALLER)]
