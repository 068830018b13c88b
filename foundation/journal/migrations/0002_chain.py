"""The chain, kept by PostgreSQL itself.

A deferred constraint trigger runs as the transaction commits: the lock that serialises the chain is the last one taken
and is held for the time of a commit only, so it can neither deadlock with the services' locks nor slow them down.
"""

from django.db import migrations

CHAIN = """
CREATE FUNCTION journal_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous_index bigint;
    previous_hash text;
    instant timestamptz;
    text_line text;
    leaf bytea;
BEGIN
    -- 'jalon' read as a number: one lock for the whole journal, released with the commit.
    PERFORM pg_advisory_xact_lock(456901029742);
    SELECT l.index, l.chain_hash INTO previous_index, previous_hash FROM journal_link l ORDER BY l.index DESC LIMIT 1;
    instant := clock_timestamp();
    text_line := '{"body":' || NEW.body
        || ',"index":' || (coalesce(previous_index, -1) + 1)
        || ',"recorded_at":"' || to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"}';
    leaf := sha256('\\x00'::bytea || convert_to(text_line, 'UTF8'));
    INSERT INTO journal_link (index, entry_id, recorded_at, line, leaf_hash, chain_hash) VALUES (
        coalesce(previous_index, -1) + 1,
        NEW.id,
        instant,
        text_line,
        encode(leaf, 'hex'),
        encode(sha256(decode(coalesce(previous_hash, repeat('00', 32)), 'hex') || leaf), 'hex')
    );
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER journal_chain AFTER INSERT ON journal_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_chain();
"""

UNCHAIN = """
DROP TRIGGER journal_chain ON journal_entry;
DROP FUNCTION journal_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(CHAIN, UNCHAIN)]
