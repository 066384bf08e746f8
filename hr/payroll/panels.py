"""The parts of the screens of payroll, and what payroll puts into the menu."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Func, IntegerField, Q, Sum, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from backoffice.ui.columns import amount, day
from backoffice.ui.forms import new_key
from backoffice.ui.listing import Link
from backoffice.ui.panels import Fact, FactsPanel, Panel, Step
from backoffice.ui.panels import LinesPanel as RowsPanel
from backoffice.ui.slots import MenuEntry, menu, panels
from hr.payroll import calculating, explaining, gathering
from hr.payroll.models import PayItem, PayrollRun, Payslip, PayslipLine, RunChunk, TaxDetails, YearToDate
from hr.payroll.tables import ForwardTable, OwnItemTable, OwnTaxTable

State = PayrollRun.State
SHOWN = 30  # exceptions on the page of a run; the list has them all
PUT_RIGHT = (State.DRAFT, State.CALCULATED)


def month_of(run: PayrollRun) -> str:
    """The month that a run pays, in one word."""
    return str(MONTHS[run.month])


def steps(run: PayrollRun, user: Any) -> list[Step]:
    """Calculated, reviewed against the month before, approved by another, posted, paid."""
    if run.state in (State.REVERSED, State.DISCARDED):
        return [Step(_("Calculate"), "done"), Step(run.get_state_display(), "now")]
    order = [State.DRAFT, State.CALCULATED, State.SUBMITTED, State.APPROVED, State.POSTED, State.PAID]
    at = order.index(State.DRAFT if run.state == State.CALCULATING else run.state)  # type: ignore[arg-type]
    former = gathering.previous(run)
    notes = [
        _started(run),
        _("Against %s") % month_of(former) if former else _("The first run"),
        run.approved_by.short if run.approved_by else _("by another person"),
        run.number or _("one entry by cost centre"),
        day(run.pay_on),
    ]
    words = [_("Calculate"), _("Review"), _("Approve"), _("Post"), _("Pay")]
    return [
        Step(label, "done" if place < at else "now" if place == at else "", note)
        for place, (label, note) in enumerate(zip(words, notes, strict=True))
    ]


def _started(run: PayrollRun) -> str:
    if run.prepared_by is None or run.prepared_at is None:
        return ""
    at = timezone.localtime(run.prepared_at, run.company.zone)
    return _("Started %(at)s by %(who)s") % {"at": f"{day(at)}, {at:%H:%M}", "who": run.prepared_by.short}


@dataclass(frozen=True)
class Progress:
    """How far a calculation is; people who were up to date already are not counted again."""

    done: int
    total: int
    words: str
    to_go: int


def progress(run: PayrollRun) -> Progress:
    """Of the parts of this calculation which are in, and how long the rest takes at that pace."""
    size = Sum(Func(F("employments"), function="cardinality", output_field=IntegerField()))
    parts = RunChunk.objects.filter(run=run, calculation=run.calculation)
    found = parts.aggregate(total=size, done=Sum(size.get_source_expressions()[0], filter=Q(done_at__isnull=False)))
    total, done = found["total"] or 0, found["done"] or 0
    words = ""
    if done and run.prepared_at:
        passed = max((timezone.now() - run.prepared_at).total_seconds(), 1)
        words = _("%(percent)d%%, about %(left)d seconds left, %(pace)s people a second") % {
            "percent": done * 100 // total,
            "left": round((total - done) * passed / done),
            "pace": f"{done / passed:,.1f}",
        }
    return Progress(done, total, words, total - done)


class ProgressPanel(Panel):
    """How far the calculation is; renews itself every second until it has ended."""

    title = gettext_lazy("Calculation")
    template = "hr/payroll/progress.html"
    order = 5

    def context(self, document: PayrollRun, user: Any) -> dict[str, Any] | None:
        if document.state != State.CALCULATING:
            return None
        return progress_of(document)


def progress_of(run: PayrollRun) -> dict[str, Any]:
    """What the bar says: people done and to go, and of all payslips so far how many need a look."""
    counts = dict(Payslip.objects.filter(run=run).order_by().values_list("state").annotate(Count("pk")))
    return {
        "progress": progress(run),
        "href": reverse("payroll:progress", args=[run.pk]),
        "running": run.state == State.CALCULATING,
        "ok": counts.get("ok", 0),
        "warnings": counts.get("warning", 0),
        "errors": counts.get("error", 0),
    }


TILES = (
    (gettext_lazy("Income tax"), ("tax",)),
    (gettext_lazy("National Insurance, both"), ("ni", "ni_employer")),
    (gettext_lazy("Pension, both"), ("pension", "pension_relief", "pension_employer")),
)


class TotalsPanel(Panel):
    """What the run comes to, beside the month before; sums of all, nobody's own."""

    title = gettext_lazy("Totals")
    template = "hr/payroll/totals.html"
    order = 8

    def context(self, document: PayrollRun, user: Any) -> dict[str, Any] | None:
        sums = Payslip.objects.filter(run=document).aggregate(n=Count("pk"), gross=Sum("gross"), net=Sum("net"))
        if not sums["n"]:
            return None
        former = gathering.previous(document)
        sums_of = _by_code(document, former)
        codes, before = sums_of[document.pk], sums_of[former.pk] if former else {}
        gross = _("Gross pay, so far") if document.state == State.CALCULATING else _("Gross pay")
        tiles = [(gross, sums["gross"] or ZERO, _beside(former, former.gross if former else None))]
        for label, names in TILES:
            now, then = (sum((found.get(name, ZERO) for name in names), ZERO) for found in (codes, before))
            tiles.append((str(label), now, _change(now, then, former)))
        tiles.append((_("Net to pay"), sums["net"] or ZERO, _("%d people") % sums["n"]))
        return {"tiles": tiles, "currency": document.currency}


def _by_code(*runs: PayrollRun | None) -> dict[int, dict[str, Decimal]]:
    """By run what each element comes to."""
    keys = [run.pk for run in runs if run is not None]
    found: dict[int, dict[str, Decimal]] = {key: {} for key in keys}
    rows = PayslipLine.objects.filter(payslip__run__in=keys).order_by()
    for key, code, comes_to in rows.values_list("payslip__run", "code").annotate(Sum("amount")):
        found[key][code] = comes_to
    return found


def _beside(former: PayrollRun | None, value: Decimal | None) -> str:
    return f"{month_of(former)}: {amount(value)}" if former and value is not None else ""


def _change(now: Decimal, then: Decimal, former: PayrollRun | None) -> str:
    if not former or not then:
        return ""
    percent = (now - then) / then * 100
    return _("%(percent)s%% on %(month)s") % {"percent": f"{percent:+.1f}".replace("-", "−"), "month": month_of(former)}


@dataclass(frozen=True)
class Exceptional:
    """One payslip that needs a look: what, why, and what can be done about it."""

    slip: Payslip
    what: str
    why: str
    more: int
    remedies: list[dict[str, Any]]

    @property
    def failed(self) -> bool:
        return self.slip.state == Payslip.State.ERROR


class ExceptionsPanel(Panel):
    """Who cannot be paid and who needs a look, failures first, each with what puts it right."""

    title = gettext_lazy("Exceptions")
    template = "hr/payroll/exceptions.html"
    permission = "payroll.view_payslip"
    order = 20

    def context(self, document: PayrollRun, user: Any) -> dict[str, Any] | None:
        found = Payslip.objects.filter(run=document).exclude(state=Payslip.State.OK)
        counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
        if not counts:
            return None
        first = Case(When(state="error", then=Value(0)), default=Value(1), output_field=IntegerField())
        unseen = Case(When(seen_by=None, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = found.select_related("employment__person", "seen_by").defer("inputs")
        shown = list(rows.order_by(first, unseen, "employment__number")[:SHOWN])
        may = document.state in PUT_RIGHT and user.has_perm("payroll.calculate_payrollrun", document)
        former = gathering.previous(document)
        total = sum(counts.values())
        return {
            "rows": [exceptional(slip, document, user, may) for slip in shown],
            "n": total,
            "unshown": total - len(shown),
            "errors": counts.get("error", 0),
            "warnings": counts.get("warning", 0),
            "former": month_of(former)[:3] if former else "",
            "month": month_of(document)[:3],
            "list_href": f"{reverse('payroll:payslip_list')}?run={document.pk}",
            "pastless": _pastless(found) if may and user.has_perm("payroll.add_yeartodate") else 0,
            "key": new_key(),
        }


def _pastless(slips: Any) -> int:
    """Of how many nothing is known of the tax year before."""
    return int(slips.filter(flags__contains=[{"code": "no_year_so_far"}]).count())


def exceptional(slip: Payslip, run: PayrollRun, user: Any, may: bool) -> Exceptional:
    """The gravest of what was noticed, how many more, and the remedies of all of it that are open to this person."""
    flags = sorted(slip.flags or [{"code": "failed"}], key=lambda flag: calculating.gravity(flag["code"]))
    what, why = explaining.what_and_why(flags[0])
    codes = {flag["code"] for flag in flags}
    return Exceptional(slip, what, why, len(flags) - 1, _remedies(slip, codes, user) if may else [])


def _remedies(slip: Payslip, codes: set[str], user: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    if "no_tax_code" in codes and user.has_perm("payroll.add_taxdetails"):
        made.append(_post("payroll:emergency_code", slip, _("Use 0T emergency code")))
    if codes & {"no_year_so_far", "started"} and user.has_perm("payroll.add_yeartodate"):
        href = reverse("payroll:yeartodate_new", args=[slip.employment_id])
        made.append({"href": href, "label": _("Bring forward")})
    if codes & {"no_pay", "bank_missing", "bank_unconfirmed", "shared_account"}:
        made.append({"href": slip.employment.get_absolute_url(), "label": _("See employee")})
    if slip.state == Payslip.State.WARNING and slip.seen_by_id is None:
        made.append(_post("payroll:seen", slip, _("Note as seen")))
    made.append({"href": reverse("payroll:leave_out", args=[slip.pk]), "label": _("Leave out"), "asks": True})
    return made


def _post(name: str, slip: Payslip, label: str) -> dict[str, Any]:
    return {"href": reverse(name, args=[slip.pk]), "label": label, "post": True}


class LeftOutPanel(Panel):
    """Who is not paid in this run, by whom and why."""

    title = gettext_lazy("Left out")
    template = "hr/payroll/left_out.html"
    permission = "payroll.view_leftout"
    order = 25

    def context(self, document: PayrollRun, user: Any) -> dict[str, Any] | None:
        rows = list(document.left_out.select_related("employment__person", "by"))
        may = document.state in PUT_RIGHT and user.has_perm("payroll.calculate_payrollrun", document)
        return {"rows": rows, "n": len(rows), "may": may} if rows else None


def links(run: PayrollRun, user: Any) -> list[Link]:
    """The payslips of a run, to whoever may see pay."""
    may = user.has_perm("payroll.view_payslip", run) and run.people
    return [Link(_("Payslips"), f"{reverse('payroll:payslip_list')}?run={run.pk}", "file-text")] if may else []


def more(user: Any) -> list[Link]:
    """From the list of runs: what pay is made from, to whoever may see it."""
    pages = (
        ("payroll.add_yeartodate", _("Bring forward"), "forward_import", "upload"),
        ("payroll.view_payitem", _("Pay items"), "payitem_list", "hand-coins"),
        ("payroll.view_taxdetails", _("Tax details"), "taxdetails_list", "file-text"),
        ("payroll.view_element", _("Elements"), "element_list", "layers"),
        ("payroll.view_parameter", _("Figures of the law"), "parameter_list", "scale"),
    )
    return [Link(label, reverse(f"payroll:{name}"), icon) for right, label, name, icon in pages if user.has_perm(right)]


class PayslipFacts(FactsPanel):
    """Whose payslip for which month, by which code, and what it comes to."""

    def facts(self, document: Payslip, user: Any) -> list[Fact]:
        run, employment = document.run, document.employment
        return [
            Fact(_("Employee"), employment.person, sub=employment.number),
            Fact(_("Month"), f"{month_of(run)} {run.year}"),
            Fact(_("Pay day"), day(run.pay_on, this_year=0)),
            Fact(_("Department"), document.department or ""),
            Fact(_("Tax code"), document.tax_code),
            Fact(_("Gross pay"), f"{run.currency} {amount(document.gross)}"),
            Fact(_("Deductions"), f"{run.currency} {amount(document.deductions)}"),
            Fact(_("Net pay"), f"{run.currency} {amount(document.net)}"),
        ]


class LinesPanel(Panel):
    """The lines by kind; each opens to show what it comes from."""

    title = gettext_lazy("How it comes about")
    template = "hr/payroll/lines.html"
    order = 20

    def context(self, document: Payslip, user: Any) -> dict[str, Any] | None:
        return {"groups": explaining.groups(document)}


class YearPanel(Panel):
    """The tax year up to this payslip."""

    title = gettext_lazy("Tax year so far")
    template = "hr/payroll/year.html"
    side = True
    order = 20

    def context(self, document: Payslip, user: Any) -> dict[str, Any] | None:
        rows = explaining.year_so_far(document)
        return {"rows": rows} if rows else None


class FlagsPanel(Panel):
    """What was noticed about a payslip; for those who make pay."""

    title = gettext_lazy("To look at")
    template = "hr/payroll/flags.html"
    permission = "payroll.view_payslip"
    side = True
    order = 10

    def context(self, document: Payslip, user: Any) -> dict[str, Any] | None:
        flags = sorted(document.flags, key=lambda flag: calculating.gravity(flag["code"]))
        rows = [explaining.what_and_why(flag) for flag in flags]
        return {"rows": rows} if rows else None


class TaxPanel(RowsPanel):
    """On an employee's page: how they are taxed and insured, with the days."""

    title = gettext_lazy("Tax and pension")
    table = OwnTaxTable
    permission = "payroll.view_taxdetails"
    order = 32
    add = ("payroll.add_taxdetails", "payroll:taxdetails_new", gettext_lazy("Change"))

    def rows(self, document: Any, user: Any) -> Any:
        return TaxDetails.objects.visible_to(user).filter(employment=document).order_by("-valid_from")


class ForwardPanel(RowsPanel):
    """On an employee's page: what was paid in a tax year before us."""

    title = gettext_lazy("Paid before us, brought forward")
    nothing = gettext_lazy("Nothing: tax is reckoned as if nothing was paid before the first run.")
    table = ForwardTable
    permission = "payroll.view_yeartodate"
    order = 33
    add = ("payroll.add_yeartodate", "payroll:yeartodate_new", gettext_lazy("Enter"))

    def rows(self, document: Any, user: Any) -> Any:
        rows = YearToDate.objects.visible_to(user).filter(employment=document, run=None)
        return rows.order_by("-tax_year", "pk")


class ItemsPanel(RowsPanel):
    """On an employee's page: what is paid or charged beside the salary."""

    title = gettext_lazy("Pay items")
    table = OwnItemTable
    permission = "payroll.view_payitem"
    order = 34
    add = ("payroll.add_payitem", "payroll:payitem_new", gettext_lazy("Add"))

    def rows(self, document: Any, user: Any) -> Any:
        return PayItem.objects.visible_to(user).filter(employment=document).order_by("-valid_from", "-pk")


panels.fill("payroll.tax", ("people.Employment", TaxPanel))
panels.fill("payroll.forward", ("people.Employment", ForwardPanel))
panels.fill("payroll.items", ("people.Employment", ItemsPanel))
menu.fill(
    "payroll.runs",
    MenuEntry(
        "hr", gettext_lazy("Payroll"), "payroll:payrollrun_list", "banknote", "payroll.view_payrollrun", order=20
    ),
)
menu.fill(
    "payroll.own",
    MenuEntry("hr", gettext_lazy("My payslips"), "payroll:own", "file-text", "payroll.view_own_payslip", order=6),
)
