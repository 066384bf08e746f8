"""The register of equipment with its value, beside what the ledger holds."""

from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from finance.ledger.models import JournalLine, Role
from itsm.assets.models import Asset
from reporting.reports.defining import Asked, Column, Kpi, Report, Row, Sheet, offer
from reporting.reports.drawing import money
from reporting.reports.parameters import Parameters, day_words


class RegisterParameters(Parameters):
    """Nothing is asked: the register is as it stands."""


@offer
class Register(Report):
    """Every asset that stands in the books, by item; the sum is what the ledger holds on the account of equipment."""

    key = "assets.register"
    title = gettext_lazy("Equipment register")
    summary = gettext_lazy("What equipment there is, who holds it and what it cost, beside the ledger.")
    section = gettext_lazy("Service desk")
    permission = "assets.view_asset"
    needs_whole_company = True
    parameters = RegisterParameters
    order = 10
    footer = gettext_lazy(
        "At cost, in company currency. Retired equipment stays until finance disposes of it; what was an expense when it "
        "was bought is named but not added up."
    )

    def build(self, asked: Asked) -> Sheet:
        columns = [
            Column("tag", _("Tag"), "text"),
            Column("name", _("Name"), "text"),
            Column("serial", _("Serial number"), "text"),
            Column("state", _("State"), "text"),
            Column("where", _("Held by or stands at"), "text"),
            Column("acquired", _("Acquired"), "date"),
            Column("cost", _("Cost")),
        ]
        assets = Asset.objects.visible_to(asked.user).filter(company=asked.company)
        assets = assets.exclude(state=Asset.State.SENT_BACK).select_related("item", "holder__person", "account")
        groups: dict[str, list[Asset]] = {}
        for asset in assets.order_by("item__name", "number"):
            groups.setdefault(asset.item.name, []).append(asset)
        rows, total = [], ZERO
        for name, held in groups.items():
            worth = sum((asset.cost for asset in held if _counts(asset)), ZERO)
            total += worth
            rows.append(Row((name, "", "", "", "", None, worth), "sum", 0, is_open=False))
            rows += [_row(asset) for asset in held]
        if rows:
            rows.append(Row((_("Total"), "", "", "", "", None, total), "total"))
        today = timezone.localdate(timezone=asked.company.zone)
        sheet = Sheet(str(self.title), _("As at %(day)s") % {"day": day_words(today)}, columns, rows)
        sheet.period_words = str(today)
        sheet.kpis = _kpis(asked, total)
        return sheet


def _counts(asset: Asset) -> bool:
    """Whether it stands in the books as equipment; below the limit it was an expense."""
    return asset.account.role == Role.EQUIPMENT


def _row(asset: Asset) -> Row:
    words = (asset.number, asset.name, asset.serial, str(asset.get_state_display()), asset.where)
    cost = asset.cost if _counts(asset) else None
    return Row((*words, asset.acquired_on, cost), "line", 1, links={"tag": asset.get_absolute_url()})


def _kpis(asked: Asked, total: Any) -> list[Kpi]:
    lines = JournalLine.objects.filter(entry__company=asked.company, account__role=Role.EQUIPMENT)
    sums = lines.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    booked = (sums["debit"] or ZERO) - (sums["credit"] or ZERO)
    words = _("the ledger says the same") if booked == total else _("the ledger differs")
    return [
        Kpi(_("Equipment"), money(total, asked.company.currency)),
        Kpi(_("Ledger"), money(booked, asked.company.currency), words, "" if booked == total else "bad"),
    ]
