"""Finding accounts by code or by role; a missing role is a refusal, never a silent fallback."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.organisation.models import Company, CostCentre
from finance.ledger.models import Account, DimensionSet, Role


def by_role(company: Company, role: Role | str) -> Account:
    """The account that plays a role in a company.

    Raises `Refused` when the chart names none (operations B0.3: no fallback).
    """
    found = Account.objects.filter(company=company, role=role).first()
    if found is None:
        raise Refused(
            _("No account of %(company)s plays the role “%(role)s”. Choose one in the chart of accounts.")
            % {"company": company, "role": Role(role).label},
            code="role",
        )
    return found


def by_roles(company: Company, roles: Iterable[Role | str]) -> dict[str, Account]:
    """The accounts that play these roles, read at once. Raises `Refused` as `by_role`."""
    wanted = set(roles)
    found = {account.role: account for account in Account.objects.filter(company=company, role__in=wanted)}
    return {role: found.get(role) or by_role(company, role) for role in wanted}


def by_code(company: Company, code: str) -> Account:
    """The account with this code; raises `Refused` when there is none."""
    found = Account.objects.filter(company=company, code=code).first()
    if found is None:
        raise Refused(_("There is no account %(code)s.") % {"code": code}, code="account")
    return found


def refusal_by_hand(account: Account) -> Refused | None:
    """Why people may not book to an account themselves, with what to use instead; None when they may."""
    if not account.why_not_by_hand:
        return None
    words = _("%(account)s: %(why)s.") % {"account": account, "why": account.why_not_by_hand}
    return Refused(words, code="control" if account.is_control else "kept")


def dimension_sets(company: Company, cost_centres: set[int]) -> dict[int, int]:
    """The interned dimension set of each cost centre, made where it is missing."""
    known = dict(
        DimensionSet.objects.filter(company=company, cost_centre__in=cost_centres).values_list("cost_centre_id", "id")
    )
    if missing := cost_centres - known.keys():
        DimensionSet.objects.bulk_create(
            [DimensionSet(company=company, cost_centre_id=centre) for centre in sorted(missing)], ignore_conflicts=True
        )
        return dimension_sets(company, cost_centres)
    return known


def dimension_set(company: Company, cost_centre: CostCentre | None) -> DimensionSet | None:
    """The dimension set of one cost centre, or None."""
    if cost_centre is None:
        return None
    return DimensionSet.objects.get_or_create(company=company, cost_centre=cost_centre)[0]
