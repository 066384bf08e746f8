"""How the guards of all apps refuse: with words for people, and a hint that tells a refusal from a fault."""

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.core.flow import kindly


@pytest.fixture
def kept(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept_paper (id int, state text)")
        cursor.execute(
            "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON kept_paper FOR EACH ROW WHEN (OLD.state = 'final')"
            " EXECUTE FUNCTION core_keep('%s is final.', 'kept')"
        )
        cursor.execute(
            "CREATE TRIGGER whole BEFORE TRUNCATE ON kept_paper EXECUTE FUNCTION core_keep('All stay.', 'all')"
        )
        cursor.execute("INSERT INTO kept_paper VALUES (1, 'draft'), (2, 'final')")


def attack(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize(
    ("statement", "words", "code"),
    [
        ("UPDATE kept_paper SET id = 3 WHERE id = 2", "kept_paper is final.", "kept"),
        ("DELETE FROM kept_paper WHERE id = 2", "kept_paper is final.", "kept"),
        ("TRUNCATE kept_paper", "All stay.", "all"),
    ],
)
def test_what_is_kept_refuses_in_the_words_of_its_trigger(kept, statement, words, code):
    with pytest.raises(IntegrityError) as caught:
        attack(statement)

    told = kindly(caught.value)
    assert (str(told), told.code) == (words, code)


def test_rows_that_the_trigger_does_not_mean_are_free(kept):
    assert attack("UPDATE kept_paper SET id = 3 WHERE state = 'draft'") == 1
