"""Triggers that keep a consultation as it was announced, whoever writes."""

import pgtrigger

# What the law lets nobody change silently: a published lot, criterion or price line stays as announced.
FROZEN_ONCE_PUBLISHED = """
    IF EXISTS (SELECT 1 FROM tenders_tender t {join} AND t.state <> 'draft') THEN
        RAISE EXCEPTION 'tender is published: its lots, criteria and price lines are frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


# The two rows are written under one lock; the check waits for the commit, when both are.
SAME_DEADLINE = """
    IF EXISTS (
        SELECT 1 FROM tenders_tender t JOIN tenders_round r ON r.tender_id = t.id
        WHERE t.id = {tender} AND r.due_at <> t.submission_due_at
          AND r.number = (SELECT max(number) FROM tenders_round l WHERE l.tender_id = t.id)) THEN
        RAISE EXCEPTION 'a consultation announces the deadline of its round in force';
    END IF;
    RETURN NULL;
"""


APPROVED_FIRST = """
    IF OLD.state = 'draft' AND NEW.state = 'published' AND NOT EXISTS (
        SELECT 1 FROM tenders_review r WHERE r.tender_id = NEW.id AND r.state = 'approved') THEN
        RAISE EXCEPTION 'a draft is published once another person has approved its version';
    END IF;
    RETURN NEW;
"""


def same_deadline(operation, tender: str) -> pgtrigger.Trigger:
    """A consultation announces the deadline of its round in force."""
    return pgtrigger.Trigger(
        name="announces_its_deadline",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        func=SAME_DEADLINE.format(tender=tender),
    )


def frozen_once_published(join: str) -> pgtrigger.Trigger:
    """Refuse any change to what is tied by `join` to a consultation that is no longer a draft."""
    return pgtrigger.Trigger(
        name="frozen_once_published",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=FROZEN_ONCE_PUBLISHED.format(join=join),
    )
