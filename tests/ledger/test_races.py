"""Two sessions at once: every race is played in a fixed order, and again with its lock taken out.

A test that stays green without the lock would prove nothing, so each one first shows that it notices.
"""

import threading
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import connections, transaction
from django.db.models import QuerySet

from backoffice.core.errors import Refused
from backoffice.core.verifying import verifications
from finance.ledger import journals, periods, posting, writing
from finance.ledger.models import JournalEntry, JournalLine, Period
from tests.conftest import owner_of_test_database
from tests.finance.ledger.builders import a_posting, account
from tests.fixtures_world import TODAY, a_company, a_user, all_rights

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = 1.0  # seconds after which a session that has not finished is waiting for a lock


@pytest.fixture
def company(transactional_db):
    return a_company()


@pytest.fixture
def people(company):
    return [a_user(name, *all_rights("ledger"), company=company) for name in ("Grace Okafor", "Priya Nair")]


@pytest.fixture
def session():
    """Runs a function in a connection of its own."""
    with ThreadPoolExecutor(max_workers=8) as pool:

        def run(action: Callable[[], object]) -> Future:
            def work() -> object:
                try:
                    return action()
                finally:
                    connections.close_all()

            return pool.submit(work)

        yield run


@contextmanager
def without(function: str, clause: str):
    """The database's guard with a clause taken out, for the length of a test."""
    with owner_of_test_database() as owner:
        (body,) = owner.execute("SELECT pg_get_functiondef(%s::regproc)", [function]).fetchone()
        assert clause in body
        owner.execute(body.replace(clause, ""))
    try:
        yield
    finally:
        with owner_of_test_database() as owner:
            owner.execute(body)


@contextmanager
def dropped(table: str, trigger: str):
    """A trigger taken off, for the length of a test (a disabled one would still lock the row)."""
    with owner_of_test_database() as owner:
        (body,) = owner.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
            [trigger, table],
        ).fetchone()
        owner.execute(f"DROP TRIGGER {trigger} ON {table}")
    yield
    with owner_of_test_database() as owner:
        owner.execute(body)


def is_waiting(future: Future) -> bool:
    try:
        future.exception(timeout=WAITS)
    except futures.TimeoutError:
        return True
    return False


def proven() -> list[str]:
    return [f"{key}: {finding}" for key, check in verifications.items() for finding in check.findings()]


def a_submitted_journal(company, people):
    entry = JournalEntry.objects.create(
        company=company,
        journal=company.journals.get(code="GEN"),
        period=periods.of_day(company, TODAY),
        on=TODAY,
        text="Race",
        entered_by=people[0],
        changed_by=people[0],
    )
    for place, (code, side) in enumerate([("1210", "debit"), ("3110", "credit")], start=1):
        JournalLine.objects.create(
            entry=entry, place=place, account=account(company, code), currency="GBP", **{side: 5, f"currency_{side}": 5}
        )
    journals.submit(entry, by=people[0])
    return entry


# --- 3.1 A line is added while another session posts ------------------------------------------------


def add_line_while_posting(company, people, session):
    """True when the poster had to wait for the session that adds a line."""
    entry = a_submitted_journal(company, people)
    with transaction.atomic():
        JournalLine.objects.create(
            entry=entry, place=3, account=account(company, "1210"), debit=1, currency="GBP", currency_debit=1
        )
        poster = session(lambda: journals.post(JournalEntry.objects.get(pk=entry.pk), by=people[1]))
        waited = is_waiting(poster)
    error = poster.exception(timeout=20)
    stray = JournalLine.objects.filter(entry=entry, on=None, entry__state="posted").exists()
    return waited, error, stray


def test_a_line_added_while_posting_makes_the_poster_wait_and_see_it(company, people, session):
    waited, error, stray = add_line_while_posting(company, people, session)

    assert waited
    assert isinstance(error, Refused)  # the line unbalances the journal, and posting saw that
    assert not stray
    assert proven() == []


def test_without_the_lock_on_the_parent_a_line_slips_into_a_posted_entry(company, people, session):
    clause = "PERFORM 1 FROM ledger_journalentry e\n          WHERE e.id IN (SELECT entry_id FROM new_lines WHERE entry_date IS NULL) ORDER BY e.id FOR SHARE;"

    with without("ledger_take_lines", clause):
        waited, error, stray = add_line_while_posting(company, people, session)

    assert (waited, error, stray) == (False, None, True)


# --- 3.2 Numbers ------------------------------------------------------------------------------------


class Undone(Exception):
    pass


def post_and_undo_some(company, by, session):
    """Eight sessions, a fifth of their transactions rolled back; the numbers that are in the books."""
    start = threading.Barrier(8)

    def poster(seed: int) -> None:
        start.wait()
        for n in range(12):
            try:
                with transaction.atomic():
                    posting.post(company, a_posting(company), by=by)
                    if (n + seed) % 5 == 0:
                        raise Undone
            except Undone:
                pass

    for future in [session(lambda seed=seed: poster(seed)) for seed in range(8)]:
        future.result(timeout=60)
    return sorted(int(n[-5:]) for n in JournalEntry.objects.values_list("number", flat=True))


def test_numbers_have_no_gap_and_no_double_under_eight_posters_and_rollbacks(company, people, session):
    numbers = post_and_undo_some(company, people[0], session)

    assert numbers == list(range(1, len(numbers) + 1))
    assert proven() == []


def test_a_sequence_in_place_of_the_counter_row_would_leave_gaps(company, people, session, monkeypatch):
    with owner_of_test_database() as owner:
        owner.execute("CREATE SEQUENCE race; GRANT USAGE ON SEQUENCE race TO PUBLIC")
    counter = writing.STATEMENT[
        writing.STATEMENT.index("INSERT INTO ledger_counter") : writing.STATEMENT.index("), given")
    ]
    sequence = "SELECT nextval('race') AS last, %(journal)s::bigint, %(year)s::bigint"
    monkeypatch.setattr(writing, "STATEMENT", writing.STATEMENT.replace(counter, sequence))

    numbers = post_and_undo_some(company, people[0], session)

    assert numbers != list(range(1, len(numbers) + 1))


# --- 3.3 Posting against closing ----------------------------------------------------------------------


def post_while_closing(company, people, session):
    """Somebody posts while the period is being closed: did they wait, and what came of it."""
    november = Period.objects.get(company=company, starts_on=TODAY.replace(day=1))
    with transaction.atomic():
        periods.close(november, by=people[0])
        poster = session(lambda: posting.post(company, a_posting(company), by=people[1]))
        waited = is_waiting(poster)
    return waited, poster.exception(timeout=20)


def test_a_poster_waits_for_the_closer_and_is_refused(company, people, session):
    waited, error = post_while_closing(company, people, session)

    assert waited
    assert isinstance(error, Refused)
    assert not JournalEntry.objects.exists()


def test_without_period_locks_a_posting_slips_past_the_closing(company, people, session, monkeypatch):
    monkeypatch.setattr(periods, "OF_DAY", periods.OF_DAY.replace("FOR SHARE OF p", ""))
    # a plain FOR UPDATE of the closer also stops the foreign key of the entry: a third lock
    lock = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: lock(self, **options, no_key=True))

    # and the guard that keeps a period's days makes its update lock the whole row: a fourth
    with without("ledger_entry_check_new", "FOR SHARE"), dropped("ledger_period", "ledger_keep_referenced"):
        waited, error = post_while_closing(company, people, session)

    assert (waited, error) == (False, None)
    assert JournalEntry.objects.count() == 1


def test_a_closer_waits_for_the_poster(company, people, session):
    november = Period.objects.get(company=company, starts_on=TODAY.replace(day=1))
    with transaction.atomic():
        posting.post(company, a_posting(company), by=people[0])
        closer = session(lambda: periods.close(november, by=people[1]))
        waited = is_waiting(closer)

    assert waited
    assert closer.exception(timeout=20) is None


def test_two_allocations_of_one_item_never_take_more_than_is_open(company, people, session):
    from finance.ledger import settling
    from tests.finance.ledger.test_reversing_and_settling import owed
    from tests.fixtures_world import a_party

    party = a_party(company)
    bill = owed(company, people[0], party, "100")
    paid = [owed(company, people[0], party, "70", paid=True) for _ in range(2)]
    start = threading.Barrier(2)

    def allocate(item) -> None:
        start.wait()
        settling.allocate(item, bill, Decimal(70), on=TODAY, by=people[0])

    outcomes = [f.exception(timeout=20) for f in [session(lambda item=item: allocate(item)) for item in paid]]

    assert sorted(type(o).__name__ for o in outcomes) == ["NoneType", "Refused"]
    assert proven() == []


def test_the_books_survive_a_changed_key_order(company, people, session):
    """Posters that touch the same balances in opposite orders never wait for each other in a circle."""
    start = threading.Barrier(4)

    def poster(turn: int) -> None:
        start.wait()
        for _ in range(15):
            one = (
                a_posting(company, debit="1210", credit="3110")
                if turn % 2
                else a_posting(company, debit="3110", credit="1210")
            )
            posting.post(company, one, by=people[0])

    for future in [session(lambda turn=turn: poster(turn)) for turn in range(4)]:
        assert future.exception(timeout=60) is None
    assert proven() == []
