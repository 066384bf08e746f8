"""The parts of an employee's screen, and what people put into menu and palette."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.columns import amount, day
from backoffice.ui.listing import Link
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel
from backoffice.ui.slots import Hit, MenuEntry, Search, menu, palette
from hr.people import nino, queries
from hr.people.models import Employment, PayRate, PersonBankAccount
from hr.people.tables import AssignmentTable, OwnBankTable, OwnPayTable, ReportTable


def today_of(employment: Employment) -> Any:
    """Today where the employee works."""
    return timezone.localdate(timezone=employment.company.zone)


class EmploymentFacts(FactsPanel):
    """Who it is and what they do today, or will do."""

    def facts(self, document: Employment, user: Any) -> list[Fact]:
        held = queries.held(document, today_of(document))
        found = [Fact(_("Name"), f"{document.person.first_names} {document.person.last_name}")]
        if held is not None:
            manager = held.manager
            may_open = manager is not None and Employment.objects.visible_to(user).filter(pk=manager.pk).exists()
            found += [
                Fact(_("Job"), held.job_title, sub=held.grade),
                Fact(_("Department"), held.department, sub=held.cost_centre.name),
                Fact(
                    _("Manager"),
                    manager.person if manager else "",
                    href=manager.get_absolute_url() if manager and may_open else "",
                ),
                Fact(_("Hours a week"), amount(held.weekly_hours), sub=_("%s FTE") % amount(held.fte)),
            ]
        found.append(Fact(_("First day"), day(document.starts_on, this_year=0)))
        if document.continuous_from != document.starts_on:
            found.append(Fact(_("Continuous service from"), day(document.continuous_from, this_year=0)))
        if document.ends_on:
            may_read = document.person.user_id == user.pk or user.has_perm("people.view_privatedetails", document)
            why = document.notice_reason if may_read else ""
            found.append(Fact(_("Last day"), day(document.ends_on, this_year=0), sub=why))
        if document.access_ends_at:
            at = timezone.localtime(document.access_ends_at, document.company.zone)
            found.append(
                Fact(
                    _("Access ended") if document.access_ended_at else _("Access ends"),
                    f"{day(at, this_year=0)}, {at:%H:%M}",
                )
            )
        return found


class AssignmentsPanel(LinesPanel):
    """Every assignment with its days, those ahead included."""

    title = gettext_lazy("Assignments")
    permission = "people.view_assignment"
    relation = "assignments"
    table = AssignmentTable
    order = 20

    def rows(self, document: Employment, user: Any) -> Any:
        return document.assignments.order_by("-valid_from")


class PayPanel(LinesPanel):
    """Every rate with its days, proposals included; only for those who may see pay."""

    title = gettext_lazy("Pay")
    permission = "people.view_payrate"
    table = OwnPayTable
    order = 30

    add = ("people.add_payrate", "people:payrate_new", gettext_lazy("Propose"))

    def rows(self, document: Employment, user: Any) -> Any:
        return PayRate.objects.visible_to(user).filter(employment=document).order_by("-valid_from", "-pk")


class ReportsPanel(LinesPanel):
    """Who reports to this person today."""

    title = gettext_lazy("Reports")
    table = ReportTable
    order = 40

    def rows(self, document: Employment, user: Any) -> Any:
        under = queries.reports_of(document, today_of(document)).values("pk")
        return Employment.objects.visible_to(user).filter(pk__in=under).order_by("number")

    def context(self, document: Employment, user: Any) -> dict[str, Any] | None:
        drawn = super().context(document, user)
        return drawn if drawn and drawn["n"] else None


class PrivatePanel(FactsPanel):
    """Birth, home and private contact; only for the officers of people and pay."""

    title = gettext_lazy("Private")
    template = "hr/people/private_panel.html"
    permission = "people.view_privatedetails"
    side = True
    order = 20

    def facts(self, document: Employment, user: Any) -> list[Fact]:
        private = getattr(document.person, "private", None)
        if private is None:
            return []
        return [
            Fact(_("Born"), day(private.born_on, this_year=0)),
            Fact(_("National insurance"), nino.spaced(private.national_insurance_number or "")),
            Fact(_("Home"), ", ".join(private.address)),
            Fact(_("E-mail"), private.email),
            Fact(_("Phone"), private.phone),
        ]

    def context(self, document: Employment, user: Any) -> dict[str, Any] | None:
        drawn = super().context(document, user)
        private = getattr(document.person, "private", None)
        if drawn is not None and private is not None and user.has_perm("people.change_privatedetails", private):
            drawn["edit_href"] = reverse("people:privatedetails_edit", args=[private.pk])
        return drawn


class BankPanel(LinesPanel):
    """Where pay goes, by the last digits, and who has still to confirm it."""

    title = gettext_lazy("Bank details")
    permission = "people.view_personbankaccount"
    table = OwnBankTable
    order = 50

    add = ("people.add_personbankaccount", "people:personbankaccount_new", gettext_lazy("Add"))

    def rows(self, document: Employment, user: Any) -> Any:
        return PersonBankAccount.objects.visible_to(user).filter(person=document.person_id).order_by("-pk")


class OtherEmployments(FactsPanel):
    """Earlier and later employments of the same person."""

    title = gettext_lazy("Other employments")
    template = "hr/people/private_panel.html"
    side = True
    order = 40

    def facts(self, document: Employment, user: Any) -> list[Fact]:
        rows = Employment.objects.visible_to(user).filter(person=document.person_id).exclude(pk=document.pk)
        return [
            Fact(each.number, each.get_state_display(), sub=day(each.starts_on), href=each.get_absolute_url())
            for each in rows.order_by("-starts_on")
        ]

    def context(self, document: Employment, user: Any) -> dict[str, Any] | None:
        facts = self.facts(document, user)
        return {"facts": facts} if facts else None


class PayFacts(FactsPanel):
    """One rate."""

    def facts(self, document: PayRate, user: Any) -> list[Fact]:
        employment = document.employment
        until = day(document.last_day, this_year=0) if document.last_day else _("further notice")
        return [
            Fact(_("Employee"), employment, href=employment.get_absolute_url()),
            Fact(_("Amount"), f"{amount(document.amount)} {document.currency}", sub=document.get_basis_display()),
            Fact(_("From"), day(document.valid_from, this_year=0)),
            Fact(_("Until"), until if document.state == PayRate.State.APPROVED else ""),
            Fact(_("Reason"), document.reason),
            Fact(_("Now"), self._now(document)),
            Fact(_("Proposed by"), document.entered_by),
        ]

    def _now(self, document: PayRate) -> str:
        """What holds on the day before, so that an approver sees the step."""
        rows = PayRate.objects.filter(employment=document.employment_id, state=PayRate.State.APPROVED)
        before = rows.filter(valid_from__lt=document.valid_from).order_by("-valid_from").first()
        return f"{amount(before.amount)} {before.currency} {before.get_basis_display()}" if before else ""


class BankFacts(FactsPanel):
    """One bank account; who may confirm it sees the whole number to compare it with the paper."""

    def facts(self, document: PersonBankAccount, user: Any) -> list[Fact]:
        whole = user.has_perm("people.confirm_personbankaccount") and document.state == PersonBankAccount.State.ENTERED
        return [
            Fact(_("Person"), document.person),
            Fact(_("Account holder"), document.holder),
            Fact(_("IBAN"), document.iban if whole else document.masked),
            Fact(_("BIC"), document.bic),
            Fact(_("Entered by"), document.entered_by),
        ]


def links(document: Employment, user: Any) -> list[Link]:
    """What else can be entered about an employee."""
    if not user.has_perm("people.change_person", document.person):
        return []
    return [Link(_("Name and sign-in"), reverse("people:person_edit", args=[document.person_id]), "pencil")]


def find_employees(user: Any, words: str) -> list[Hit]:
    """Employees by number or name for the palette; only what colleagues may know of each other."""
    rows = queries.as_of(Employment.objects.visible_to(user), timezone.localdate()).select_related("person")
    for word in words.split()[:4]:
        rows = rows.filter(queries.called(word))
    return [
        Hit(str(each.person), each.get_absolute_url(), "circle-user", f"{each.number} · {each.job or ''}", of=f"people.employment:{each.pk}")
        for each in rows.order_by("number")[:6]
    ]  # fmt: skip


palette.fill("people.employment", Search(gettext_lazy("Employees"), find_employees, prefix="person:", order=35))
menu.fill(
    "people.employment",
    MenuEntry("hr", gettext_lazy("Employees"), "people:employment_list", "users", "people.view_employment", order=10),
)
menu.fill(
    "people.own",
    MenuEntry("hr", gettext_lazy("My record"), "people:own", "circle-user", "people.view_own_record", order=5),
)
menu.fill(
    "people.pay",
    MenuEntry("hr", gettext_lazy("Pay rates"), "people:payrate_list", "hand-coins", "people.view_payrate", order=30),
)
menu.fill(
    "people.bank",
    MenuEntry(
        "hr",
        gettext_lazy("Bank details"),
        "people:personbankaccount_list",
        "landmark",
        "people.view_personbankaccount",
        order=40,
    ),
)
