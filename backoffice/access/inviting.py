"""The first account of an empty system, and inviting colleagues with a role."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.events import UserInvited
from backoffice.access.models import Role, RoleAssignment, User
from backoffice.core import events
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from backoffice.organisation import slots
from backoffice.organisation.models import Company

FOUNDER = ("administrator",)
EVERYBODY = "member"  # what every colleague may: see the own record, report what does not work, ask for what is needed
READ_OR_KEEP = {EVERYBODY, "auditor", "administrator", "integration"}  # who only reads or keeps the house does neither
# With these the founder can buy, keep stock, enter a first bill and review what others enter; own work still needs a
# second person.
FIRST_COMPANY = (EVERYBODY, "buyer", "storekeeper", "ap-clerk", "finance-manager")


class Founder:
    """Fills the slot of the set-up: the first account is made once, by whoever comes first."""

    form = "backoffice.access.forms.FounderForm"

    def is_open(self) -> bool:
        return not User.objects.exists()

    def found(self, values: dict[str, Any]) -> User:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # of two who press the button at once only one may find the house empty
                cursor.execute("LOCK TABLE access_user IN SHARE ROW EXCLUSIVE MODE")
            if not self.is_open():
                raise Refused(
                    _("Somebody has made the first account already. Ask them for an invitation."), code="founded"
                )
            user = User.objects.create_user(values["email"], values["password"], name=values["name"], is_staff=True)
            give(user, FOUNDER, company=None)
            recorder.only(user, "found", user, {"name": user.name})
        return user


slots.founding.fill("access", Founder())


def give(user: User, keys: Iterable[str], *, company: Company | None) -> None:
    """Assign standard roles; one that is held already stays as it is."""
    for role in Role.objects.filter(key__in=list(keys)):
        RoleAssignment.objects.get_or_create(user=user, role=role, company=company, department=None)
    user.__dict__.pop("_grants", None)


def invite(email: str, name: str, roles: Iterable[Role], *, company: Company, by: User) -> User:
    """Make an account without a password for a colleague, with roles in one company, and tell it.

    Whoever works in the company gets besides what every colleague may.
    A known address gets the roles and no second account. Raises `PermissionDenied`, `Refused` for oneself.
    """
    for right, row in (("access.add_user", None), ("access.add_roleassignment", RoleAssignment(company=company))):
        if denied := authority.only.refusal(by, right, row):
            raise denied
    email = User.objects.normalize_email(email).lower()
    if email == by.email.lower():
        raise Refused(_("Nobody may give roles to themselves."), code="self")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('backoffice.actor', %s, true)", [str(by.pk)])
        user = User.objects.filter(email=email).first()
        is_new = user is None
        user = user or User.objects.create_user(email, None, name=name)
        roles = list(roles)
        for role in roles:
            RoleAssignment.objects.get_or_create(user=user, role=role, company=company, department=None)
        if any(role.key not in READ_OR_KEEP for role in roles):
            give(user, (EVERYBODY,), company=company)
        recorder.only(user, "invite", by, {"company": company, "roles": ", ".join(str(role) for role in roles)})
        if is_new:
            events.publish(UserInvited(user_id=user.pk, company_id=company.pk, by_id=by.pk))
    return user


def invite_all(company: Company, values: dict[str, Any], *, by: User) -> None:
    """Invite the colleagues of the set-up's form, all or none."""
    with transaction.atomic():
        for n in (name.removeprefix("email_") for name in values if name.startswith("email_")):
            if email := values[f"email_{n}"]:
                invite(email, values[f"name_{n}"], [values[f"role_{n}"]], company=company, by=by)


def has_second_person(company: Company) -> bool:
    """Whether at least two people work in a company, so that one can approve what the other entered."""
    return RoleAssignment.objects.filter(company=company).values("user").distinct().count() > 1


slots.steps.fill(
    "people",
    slots.Step(
        label=gettext_lazy("Colleagues"),
        intro=gettext_lazy(
            "Each gets a mail with a link to set a password. At least one of them must be able to approve: "
            "a finance manager or a finance director."
        ),
        form="backoffice.access.forms.ColleaguesForm",
        save=invite_all,
        is_done=has_second_person,
        icon="user-plus",
        order=90,
        optional=True,
    ),
)
