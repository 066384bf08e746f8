"""Screens of the ledger that are more than a declaration: a journal, an account with its lines, a period."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.access.rights import holding
from backoffice.core.authority import authority
from backoffice.ui.columns import day
from backoffice.ui.forms import new_key
from backoffice.ui.listing import Link
from backoffice.ui.screen import Screen
from backoffice.ui.screens import DocumentScreen, ListScreen, ReasonForm, VerbScreen
from backoffice.ui.sending import once
from finance.ledger import opening, queries
from finance.ledger.forms import LedgerForm, ReverseForm
from finance.ledger.models import Account, FiscalYear, JournalEntry, Period

PAGE = 50


class JournalScreen(DocumentScreen):
    """An entry, headed by its reason; system entries lead to the document they come from."""

    def found(self, pk: int) -> JournalEntry:
        """The entry with what its panels name, in one query."""
        rows = JournalEntry.objects.visible_to(self.request.user).filter(pk=pk)
        entry = rows.select_related("company", "period", "journal", "entered_by", "posted_by", "reversal_of").first()
        if entry is None:
            raise Http404
        return entry

    def context(self, document: JournalEntry) -> dict[str, Any]:
        found = super().context(document)
        number = document.number or _("draft %s") % document.pk
        return {**found, "title": document.text, "subtitle": number}


class JournalVerb(VerbScreen):
    """Verbs of a journal; the reversal proposes its day."""

    forms = {"send_back": ReasonForm, "reverse": ReverseForm}

    def form(self, document: Any, data: Any = None, files: Any = None) -> Any:
        if self.verb != "reverse":
            return super().form(document, data, files)
        return ReverseForm(data, user=self.request.user, company=document.company, document=document)


class AccountList(ListScreen):
    """The chart of accounts of the company in view; names of accounts are no secret of a department."""

    def rows(self) -> Any:
        return accounts_seen(self.request)


class AccountScreen(Screen):
    """The lines of an account between two days with the balance after each, page by page."""

    model = Account

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = accounts_seen(request).filter(pk=pk).first()
        if account is None:
            raise Http404
        if not holding(request.user, "ledger.view_journalline"):
            raise PermissionDenied(_("Your roles do not include reading the lines of accounts."))
        form = LedgerForm(request.GET or None, user=request.user, company=account.company)
        starts_on, ends_on = self.span(account, form)
        page = queries.ledger_page(
            account.company,
            account.pk,
            starts_on=starts_on,
            ends_on=ends_on,
            after=_after(request.GET.get("after", "")),
            limit=PAGE,
            departments=queries.departments_seen(request.user, account.company),
        )
        return self.answer(
            "finance/ledger/account.html", "finance/ledger/_account_lines.html", self.context(account, form, page)
        )

    def span(self, account: Account, form: Any) -> tuple[date, date]:
        """What was asked for, else the fiscal year in which today lies."""
        asked = form.cleaned_data if form.is_valid() else {}
        today = timezone.localdate()
        year = FiscalYear.objects.filter(company=account.company, starts_on__lte=today, ends_on__gte=today).first()
        first = asked.get("starts_on") or (year.starts_on if year else today - timedelta(days=365))
        last = asked.get("ends_on") or max(first, year.ends_on if year else today)
        form.shown = (first, last)
        return first, last

    def context(self, account: Account, form: Any, page: queries.LedgerPage) -> dict[str, Any]:
        first, last = form.shown
        base = {"starts_on": first.isoformat(), "ends_on": last.isoformat()}
        following = ""
        if page.next_after:
            on, line = page.next_after
            following = "?" + urlencode({**base, "after": f"{on.isoformat()}_{line}"})
        shown = LedgerForm({"starts_on": first, "ends_on": last}, user=self.request.user)
        may_edit = self.request.user.has_perm("ledger.change_account", account)
        return {
            "account": account,
            "title": str(account),
            "crumbs": self.where(self.list_crumb(), (account.code, "")),
            "form": form if form.is_bound and not form.is_valid() else shown,
            "page": page,
            "closing": page.lines[-1].balance if page.lines else page.opening,
            "first": first,
            "last": last,
            "continued": bool(self.request.GET.get("after")),
            "next_href": following,
            "first_href": "?" + urlencode(base),
            "edit_href": reverse("ledger:account_edit", args=[account.pk]) if may_edit else "",
            "limited": queries.departments_seen(self.request.user, account.company) is not None,
        }


def accounts_seen(request: HttpRequest) -> Any:
    """The accounts whose names this person may read: all of the company when a role there, of any width, says so."""
    rows, company = Account.objects.visible_to(request.user), request.company  # type: ignore[attr-defined]
    if company is None:
        return rows
    held = holding(request.user, "ledger.view_account")
    if any(grant.company_id in (None, company.pk) for grant in held):
        rows = Account.objects.all()
    return rows.filter(company=company.pk)


def _after(text: str) -> tuple[date, int] | None:
    on, _mark, line = text.partition("_")
    try:
        return (date.fromisoformat(on), int(line)) if text else None
    except ValueError:
        return None


class PeriodScreen(DocumentScreen):
    """A period: what it still holds back, and the way to its journals."""

    def context(self, document: Period) -> dict[str, Any]:
        found = super().context(document)
        found["crumbs"] = self.where(self.list_crumb(), (document.name, ""))
        return found


@login_required
def open_year(request: HttpRequest) -> HttpResponse:
    """Open the next fiscal year of the company in view, after asking."""
    company: Any = request.company  # type: ignore[attr-defined]
    if denied := authority.only.refusal(
        request.user, "ledger.add_fiscalyear", FiscalYear(company_id=company and company.pk)
    ):
        raise denied
    starts_on = opening.next_year_starts(company)
    back, refusal = reverse("ledger:period_list"), "" if starts_on else _("The books are not open yet.")
    if request.method == "POST" and starts_on:

        def work() -> str:
            opening.open_next_year(company, by=request.user)
            return back

        location = once(request.user, request.POST.get("idempotency_key", ""), work)
        messages.success(request, _("The fiscal year that starts on %(day)s is open.") % {"day": day(starts_on)})
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": location})
        return HttpResponseRedirect(location)
    label = _("Open the next fiscal year")
    context = {
        "title": label,
        "crumbs": [(_("Periods"), back), (label, "")],
        "question": _("Open the fiscal year that starts on %(day)s?") % {"day": day(starts_on)},
        "confirm": _("Its twelve months take postings at once; each can be closed on its own."),
        "label": label,
        "icon": "calendar",
        "action_href": request.path,
        "back_href": back,
        "idempotency_key": new_key(),
        "refusal": refusal,
    }
    return render(request, "ui/verb.html", context)


def period_links(user: Any) -> list[Link]:
    """What the list of periods offers besides."""
    if not user.has_perm("ledger.add_fiscalyear"):
        return []
    return [Link(_("Open the next fiscal year"), reverse("ledger:fiscalyear_new"), "calendar")]
