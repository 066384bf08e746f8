"""Parties and bank accounts for programs; account numbers go in, only their last digits come out."""

from rest_framework import serializers

from backoffice.api.endpoints import MasterEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer
from backoffice.parties.forms import PartyFilters
from backoffice.parties.models import Party, PartyBankAccount


class PartySerializer(RowSerializer):
    class Meta:
        model = Party
        fields = [
            "ref", "company", "kind", "name", "legal_name", "vat_number", "registration_number", "street", "postcode", "city",
            "country", "email", "phone", "currency", "payment_days", "is_active", "version",
        ]  # fmt: skip
        read_only_fields = ["ref", "version"]


class BankAccountSerializer(RowSerializer):
    number = serializers.CharField(write_only=True, max_length=60)

    class Meta:
        model = PartyBankAccount
        fields = ["id", "party", "number", "ending", "is_iban", "bic", "holder", "currency", "is_active", "entered_at"]
        read_only_fields = ["id", "ending", "is_iban", "entered_at"]


@route("parties")
class PartyEndpoint(MasterEndpoint):
    """Suppliers and other parties of a company, by `ref`."""

    model = Party
    serializer_class = PartySerializer
    filterset_class = PartyFilters
    lookup_field = "ref"
    lookup_value_converter = "uuid"


@route("parties/bank-accounts")
class BankAccountEndpoint(MasterEndpoint):
    """Where parties are paid."""

    model = PartyBankAccount
    serializer_class = BankAccountSerializer
