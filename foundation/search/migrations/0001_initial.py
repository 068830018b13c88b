from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

CONFIGURATION = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_ts_config WHERE cfgname = 'jalon_french') THEN
        CREATE TEXT SEARCH CONFIGURATION jalon_french (COPY = pg_catalog.french);
        ALTER TEXT SEARCH CONFIGURATION jalon_french
            ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
    END IF;
END $$
"""

# Immutable by promise: the rules of unaccent are a file that no one changes under an index. Every name is
# qualified, because a restored dump is read with an empty search path.
PLAIN = """
CREATE OR REPLACE FUNCTION public.jalon_plain(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT pg_catalog.lower(public.unaccent('public.unaccent'::pg_catalog.regdictionary, $1)) $$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(CONFIGURATION, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(PLAIN, reverse_sql="DROP FUNCTION public.jalon_plain(text)"),
    ]
