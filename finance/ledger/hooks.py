"""Where the ledger hangs into the screens: menu, My work, palette, and how accounts are found in forms."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from backoffice.access.rights import holding
from backoffice.organisation.models import CostCentre
from backoffice.ui import slots
from backoffice.ui.lookups import Lookup, every_word
from backoffice.ui.slots import Hit, MenuEntry, Search, WorkList, WorkRow
from finance.ledger.models import Account, Balance, JournalEntry

EACH = 6
State = JournalEntry.State


class AccountLookup(Lookup):
    """Accounts by code and words; a control account says why it cannot be chosen by hand."""

    def rows(self, user: Any, queryset: Any, hints: dict[str, str]) -> Any:
        """The accounts with their balance, for those who may read the books of the whole company."""
        rows = super().rows(user, queryset, hints)
        company = hints.get("company", "")
        held = holding(user, "ledger.view_journalline") if user is not None and company.isdigit() else []
        if any(g.department_id is None and g.company_id in (None, int(company)) for g in held):
            sums = Balance.objects.filter(account=OuterRef("pk")).order_by().values("account")
            held_now = sums.annotate(held=Sum("debit") - Sum("credit")).values("held")
            rows = rows.annotate(held=Subquery(held_now))
        return rows

    def sub(self, row: Account) -> str:
        held = getattr(row, "held", None)
        if held is None:
            return str(row.get_kind_display())
        side = _("Dr") if held >= 0 else _("Cr")
        return _("balance %(amount)s %(side)s") % {"amount": f"{abs(held):,.2f}", "side": side}

    def why_not(self, row: Account) -> str:
        if not row.is_active:
            return _("closed")
        return row.why_not_by_hand


class CostCentreLookup(Lookup):
    """Cost centres are shown by their name and found by their code too."""

    def text(self, row: CostCentre) -> str:
        return row.name

    def code(self, row: CostCentre) -> str:
        return ""


def to_review(user: Any) -> Any:
    """The journals that this person may post: those of others that wait for review."""
    if not holding(user, JournalEntry.flow.permission("post")):
        return JournalEntry.objects.none()
    rows = JournalEntry.objects.visible_to(user, "post").filter(state=State.SUBMITTED)
    return rows.exclude(Q(entered_by=user) | Q(changed_by=user)).order_by("changed_at", "pk")


def review_rows(user: Any) -> list[WorkRow]:
    """The journals that wait for this person, the oldest first."""
    return [
        WorkRow(
            icon="book-open",
            label=entry.text,
            href=entry.get_absolute_url(),
            sub=_("%(journal)s of %(person)s") % {"journal": entry.journal.name, "person": entry.entered_by.name},
            since=entry.changed_at,
            tone="wait",
            flag=_("To review"),
            flag_icon="user-check",
        )
        for entry in to_review(user).select_related("journal", "entered_by")[:20]
    ]


def find_entries(user: Any, words: str) -> Iterable[Hit]:
    """Journal entries by number or reason."""
    rows = JournalEntry.objects.visible_to(user).filter(every_word(("number", "text"), words))
    for entry in rows.order_by("-on", "-pk")[:EACH]:
        key = f"ledger.journalentry:{entry.pk}"
        yield Hit(entry.text, entry.get_absolute_url(), "book-open", entry.number or _("Draft"), of=key)


def find_accounts(user: Any, words: str) -> Iterable[Hit]:
    """Accounts by code or name; they lead to their lines."""
    rows = Account.objects.visible_to(user).filter(every_word(("code", "name"), words))
    for account in rows.order_by("code")[:EACH]:
        yield Hit(str(account), reverse("ledger:account", args=[account.pk]), "book-open")


slots.lookups.fill("ledger.account", AccountLookup(Account))
slots.lookups.fill("organisation.costcentre", CostCentreLookup(CostCentre))
slots.menu.fill(
    "ledger.journals",
    MenuEntry(
        "finance",
        gettext_lazy("Journals"),
        "ledger:journalentry_list",
        "book-open",
        "ledger.view_journalentry",
        lambda user: to_review(user).count(),
        order=30,
    ),
)
slots.menu.fill(
    "ledger.accounts",
    MenuEntry("finance", gettext_lazy("Accounts"), "ledger:account_list", "layers", "ledger.view_account", order=60),
)
slots.menu.fill(
    "ledger.periods",
    MenuEntry("finance", gettext_lazy("Period close"), "ledger:period_list", "lock", "ledger.view_period", order=70),
)
slots.work.fill(
    "ledger.review",
    WorkList(
        gettext_lazy("Journals to review"),
        "tasks",
        review_rows,
        lambda u: to_review(u).count(),
        order=20,
        counted=ngettext_lazy("%d journal to review", "%d journals to review"),
    ),
)
slots.palette.fill("ledger.entries", Search(gettext_lazy("Journals"), find_entries, "journal:", order=40))
slots.palette.fill("ledger.accounts", Search(gettext_lazy("Accounts"), find_accounts, "account:", order=50))
