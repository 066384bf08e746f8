"""Where pay goes: entered by one, confirmed by a second person."""

from typing import Any

from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from hr.people.models import Person, PersonBankAccount

State = PersonBankAccount.State


@PersonBankAccount.flow.guard("confirm")
def not_ones_own(account: PersonBankAccount, user: Any) -> Refused | None:
    """Nobody sends their own pay somewhere alone."""
    if user.pk is not None and account.person.user_id == user.pk:
        return Refused(_("Somebody else confirms your own bank account."), code="duty")
    return None


@PersonBankAccount.flow.verb
def confirm(account: PersonBankAccount, *, by: Any) -> None:
    """From now on pay goes to this account; the one before is replaced."""
    Person.objects.select_for_update().get(pk=account.person_id)
    for former in PersonBankAccount.objects.filter(person=account.person_id, state=State.CONFIRMED):
        replace(former, by=by)


@PersonBankAccount.flow.verb
def refuse(account: PersonBankAccount, *, by: Any) -> None:
    """The details are not right: nothing is paid to them."""


@PersonBankAccount.flow.verb
def replace(account: PersonBankAccount, *, by: Any) -> None:
    """Another account was confirmed."""
