"""How employees are found in forms: by number or name, only who is employed or starts."""

from typing import Any

from backoffice.ui.lookups import Lookup
from backoffice.ui.slots import lookups
from hr.people.models import Employment, Person


class EmploymentLookup(Lookup):
    """Employees by number and name."""

    def __init__(self) -> None:
        super().__init__(Employment, ("number", "person__last_name", "person__first_names", "person__known_as"))

    def rows(self, user: Any, queryset: Any, hints: dict[str, str]) -> Any:
        return super().rows(user, queryset, hints).select_related("person")

    def text(self, row: Any) -> str:
        return str(row)

    def why_not(self, row: Any) -> str:
        return str(row.get_state_display()).lower() if row.state in ("left", "withdrawn") else ""


lookups.fill("people.employment", EmploymentLookup())
lookups.fill("people.person", Lookup(Person, ("last_name", "first_names", "known_as")))
