"""`manage.py verify` names what a superuser changed by SQL."""

import json

import pytest
from django.core.management import call_command

from finance.ledger.models import JournalLine
from tests.conftest import owner_of_test_database
from tests.finance.ledger.builders import posted
from tests.fixtures_world import a_company, a_party, a_user, all_rights

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = ("ledger_journalentry", "ledger_journalline", "ledger_balance", "ledger_openitem")


@pytest.fixture
def books(transactional_db):
    company = a_company()
    by = a_user("Grace Okafor", *all_rights("ledger"), company=company)
    a_party(company)
    return [posted(company, by, f"{n}.00") for n in (100, 200, 300)]


def tampered(statement, capsys):
    """What verify says after the owner switched the guards off and changed something."""
    with owner_of_test_database() as owner:
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(statement)
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with pytest.raises(SystemExit):
        call_command("verify", "--json")
    return json.loads(capsys.readouterr().out)


def test_untouched_books_hold(books, capsys):
    call_command("verify", "--json")

    assert not any(json.loads(capsys.readouterr().out).values())


@pytest.mark.parametrize(
    ("change", "check", "named"),
    [
        (
            "UPDATE ledger_journalentry SET text = 'Gift' WHERE number = 'GEN-2026-00002'",
            "seals_hold",
            "GEN-2026-00002",
        ),
        (
            "UPDATE ledger_journalentry SET entry_date = entry_date - 1 WHERE number = 'GEN-2026-00001'",
            "seals_hold",
            "GEN-2026-00001",
        ),
        (
            "UPDATE ledger_journalentry SET number = 'GEN-2026-00009' WHERE number = 'GEN-2026-00003'",
            "seals_hold",
            "GEN-2026-00009",
        ),
        (
            "UPDATE ledger_journalline SET debit = debit + 1, currency_debit = debit + 1 WHERE debit = 200",
            "entries_balance",
            "GEN-2026-00002",
        ),
        ("UPDATE ledger_journalline SET text = 'x' WHERE debit = 300", "seals_hold", "GEN-2026-00003"),
        ("DELETE FROM ledger_journalentry WHERE number = 'GEN-2026-00002'", "numbers_have_no_gap", "GEN-2026"),
        ("UPDATE ledger_balance SET debit = debit + 5 WHERE debit > 0", "balances_equal_lines", "1210"),
    ],
)
def test_what_a_superuser_changed_by_sql_is_named(books, capsys, change, check, named):
    findings = tampered(change, capsys)

    assert any(named in finding for finding in findings[check])


def test_both_sides_of_a_line_changed_together_are_still_seen(books, capsys):
    entry = JournalLine.objects.filter(debit=200).get().entry_id

    findings = tampered(
        f"UPDATE ledger_journalline SET debit = debit * 2, credit = credit * 2, currency_debit = currency_debit * 2,"
        f" currency_credit = currency_credit * 2 WHERE entry_id = {entry}",
        capsys,
    )

    assert "GEN-2026-00002" in findings["seals_hold"][0]
