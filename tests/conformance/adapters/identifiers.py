"""Numbers with check digits, as the address book judges them."""

from backoffice.parties import identifiers
from tests.conformance.cases import Unsupported
from tests.conformance.running import Adapter


class Identifiers(Adapter):
    given_keys = frozenset({"kind", "kinds"})

    def calc_validate_number(self, *, value, kind=None):
        kind = kind or self.given.get("kind")
        if kind not in identifiers.CHECKS:
            raise Unsupported(f"operation calc.validate_number: kind {kind}")
        return {"valid": identifiers.valid(kind, value)}
