"""Expression indexes on the tables of the foundation, which knows this app from below: written as SQL, in the
very words of `foundation.search.kinds`.
"""

from django.db import migrations

INDEXES = {
    "documents_search": "documents_document USING gin ("
    "to_tsvector('public.jalon_french'::regconfig, COALESCE(title, '') || ' ' || COALESCE(number, '')))",
    "documents_spelling": "documents_document USING gin (public.jalon_plain(title::text) public.gin_trgm_ops)",
    "organisations_search": "accounts_organisation USING gin ("
    "to_tsvector('public.jalon_french'::regconfig,"
    " COALESCE(name, '') || ' ' || COALESCE(siret, '') || ' ' || COALESCE(city, '')))",
    "organisations_spelling": "accounts_organisation USING gin (public.jalon_plain(name::text) public.gin_trgm_ops)",
}


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("accounts", "0001_initial"), ("documents", "0001_initial")]
    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON {body}", reverse_sql=f"DROP INDEX {name}")
        for name, body in INDEXES.items()
    ]
