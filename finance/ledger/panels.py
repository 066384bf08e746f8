"""Parts of screens about postings: facts and lines of an entry, and what a document posts or would post."""

from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Sum
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO
from backoffice.ui import slots
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel, Panel, Step, fact_of, steps_by_state
from finance.ledger import queries
from finance.ledger.models import JournalEntry, JournalLine, PostingDocument
from finance.ledger.previews import entry_for, previews
from finance.ledger.tables import EntryLineTable


class EntryFacts(FactsPanel):
    """The head of an entry, with the ways to its origin, its mirror and what it mirrors."""

    fields = ("on", "period", "journal", "document_on", "text", "entered_by")

    def facts(self, document: JournalEntry, user: Any) -> list[Fact]:
        found = [fact_of(document, name) for name in self.fields]
        if document.posted_by_id:
            found.append(fact_of(document, "posted_by"))
        if document.origin_id is not None and (origin := document.origin) is not None:
            found.append(Fact(_("Comes from"), origin, href=href_of(origin, user)))
        if document.reversal_of is not None:
            found.append(Fact(_("Reverses"), document.reversal_of, href=href_of(document.reversal_of, user)))
        if mirror := JournalEntry.objects.filter(reversal_of=document).first():
            found.append(Fact(_("Reversed by"), mirror, href=href_of(mirror, user)))
        return found


def entry_steps(document: JournalEntry, user: Any) -> list[Step]:
    """The stages of a journal that people entered; what a document or program posted had none."""
    at_once = document.state == JournalEntry.State.POSTED and document.posted_by_id == document.entered_by_id
    return [] if document.origin_id or at_once else steps_by_state("draft", "submitted", "posted")(document, user)


class EntryLines(LinesPanel):
    """Debits and credits; whoever is limited to a department sees its lines and no sums of the whole."""

    title = gettext_lazy("Lines")
    table = EntryLineTable

    def rows(self, document: JournalEntry, user: Any) -> Any:
        lines = document.lines.all()
        seen = departments(user, document.company)
        return lines if seen is None else lines.filter(dimension_set__cost_centre__department__in=seen)

    def sums(self, document: JournalEntry, user: Any) -> list[tuple[Any, Any, str]]:
        if departments(user, document.company) is not None:
            return []
        sums = document.lines.aggregate(debit=Sum("debit", default=ZERO), credit=Sum("credit", default=ZERO))
        currency = document.company.currency
        return [(_("Debits"), sums["debit"], currency), (_("Credits"), sums["credit"], currency)]


class PostingsPanel(Panel):
    """What a document posts: a preview on the draft, the very lines of its entry afterwards."""

    title: ClassVar[Any] = gettext_lazy("Postings")
    template = "finance/ledger/postings_panel.html"
    permission = "ledger.view_journalline"
    order = 40

    def context(self, document: Any, user: Any) -> dict[str, Any] | None:
        seen = departments(user, document.company)
        currency = document.company.currency
        if document.entry_id:
            lines = _lines_of(document.entry, seen)
            href = href_of(document.entry, user)
            return {
                "entry": document.entry,
                "entry_href": href,
                "rows": lines,
                "currency": currency,
                "part": seen is not None,
            }
        if document._meta.label_lower not in dict(previews.items()):
            return None
        try:
            drafted = entry_for(document)
        except Refused as reason:
            return {"reason": str(reason), "rows": [], "currency": currency}
        shown = [n for n in drafted if seen is None or (n.cost_centre and n.cost_centre.department_id in seen)]
        rows = [row(n.account, n.cost_centre, n.party, n.text, n.debit, n.credit) for n in shown]
        return {"rows": rows, "currency": currency, "part": seen is not None}


def departments(user: Any, company: Any) -> list[int] | None:
    """The departments to which this person's view of the books is limited, read once for a page."""
    kept = user.__dict__.setdefault("_departments_seen", {})
    if company.pk not in kept:
        kept[company.pk] = queries.departments_seen(user, company)
    return kept[company.pk]


def _lines_of(entry: JournalEntry, seen: list[int] | None) -> list[dict[str, Any]]:
    lines = JournalLine.objects.filter(entry=entry).select_related("account", "party", "dimension_set__cost_centre")
    if seen is not None:
        lines = lines.filter(dimension_set__cost_centre__department__in=seen)
    return [
        row(n.account, n.dimension_set.cost_centre if n.dimension_set else None, n.party, n.text, n.debit, n.credit)
        for n in lines.order_by("place")
    ]


def row(account: Any, centre: Any, party: Any, text: str, debit: Any, credit: Any) -> dict[str, Any]:
    """A line as the template prints it."""
    return {
        "account": account,
        "sub": " · ".join(str(part) for part in (centre, party, text) if part),
        "debit": debit or None,
        "credit": credit or None,
    }


def href_of(document: Any, user: Any) -> str:
    """The page of a document, if it has one and this person may see it."""
    if not hasattr(document, "get_absolute_url"):
        return ""
    rows, meta = type(document)._default_manager, document._meta
    if hasattr(rows, "visible_to") and not (
        user.has_perm(f"{meta.app_label}.view_{meta.model_name}", document)  # mostly answered without a query
        or rows.visible_to(user).filter(pk=document.pk).exists()
    ):
        return ""
    try:
        return str(document.get_absolute_url())
    except NoReverseMatch:
        return ""


for model in apps.get_models():
    if issubclass(model, PostingDocument):
        slots.panels.fill(f"ledger.postings.{model._meta.label_lower}", (model._meta.label, PostingsPanel))
