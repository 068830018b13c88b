"""Lines receive 122 random bits, so that the leaf of a line can be public without the line being guessed from it.

Only the text that later lines are made of changes: lines already chained keep their bytes.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION journal_chain() RETURNS trigger LANGUAGE plpgsql AS $$
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
        || ',"recorded_at":"' || to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || %(salt)s;
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
"""
SALTED = FUNCTION % {"salt": """'","salt":"' || replace(gen_random_uuid()::text, '-', '') || '"}'"""}
UNSALTED = FUNCTION % {"salt": """'"}'"""}


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_proof")]

    operations = [migrations.RunSQL(SALTED, UNSALTED)]
