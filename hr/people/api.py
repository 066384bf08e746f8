"""People for programs: hiring, changes from a day on, leaving, pay and bank details; numbers go in, not out."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, DocumentEndpoint, FlowEndpoint, MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer, VisibleKey, VisibleRef
from backoffice.api.sheets import SheetEndpoint
from backoffice.documents import keeping
from backoffice.organisation.models import Company, CostCentre, Department
from hr.people import hiring, importing, nino, pay
from hr.people.forms import BankAccountFilters, EmploymentFilters, PayRateFilters
from hr.people.hiring import Starter
from hr.people.models import Assignment, Employment, PayRate, Person, PersonBankAccount, PrivateDetails


class PersonSerializer(RowSerializer):
    class Meta:
        model = Person
        fields = ["ref", "company", "first_names", "last_name", "known_as", "user", "version"]
        read_only_fields = ["ref", "version", "company"]


@route("people/persons")
class PersonEndpoint(MasterEndpoint):
    """Persons by name; hire somebody to enter one."""

    model = Person
    serializer_class = PersonSerializer
    http_method_names = ["get", "patch", "head", "options"]
    lookup_field = "ref"
    lookup_value_converter = "uuid"


class PrivateDetailsSerializer(RowSerializer):
    national_insurance_number = serializers.CharField(write_only=True, max_length=13, allow_blank=True, required=False)

    class Meta:
        model = PrivateDetails
        fields = [
            "id", "person", "born_on", "national_insurance_number", "email", "phone", "street", "postcode", "city", "country",
        ]  # fmt: skip
        read_only_fields = ["id", "person"]


@route("people/private-details")
class PrivateDetailsEndpoint(MasterEndpoint):
    """What only the officers of people and pay read; the insurance number goes in and does not come out."""

    model = PrivateDetails
    serializer_class = PrivateDetailsSerializer
    http_method_names = ["get", "patch", "head", "options"]


class EmploymentSerializer(DocumentSerializer):
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = Employment
        fields = [
            *DocumentSerializer.SHARED, "person", "name", "starts_on", "ends_on", "continuous_from", "access_ends_at",
        ]  # fmt: skip


class StarterSerializer(serializers.Serializer):
    """Somebody who starts; `person` when the person is on record already."""

    company = VisibleKey(queryset=Company.objects.all())
    first_names = serializers.CharField(max_length=80)
    last_name = serializers.CharField(max_length=60)
    known_as = serializers.CharField(max_length=40, required=False)
    person = VisibleRef(slug_field="ref", queryset=Person.objects.all(), required=False)
    number = serializers.CharField(max_length=32, required=False)
    starts_on = serializers.DateField()
    continuous_from = serializers.DateField(required=False)
    job_title = serializers.CharField(max_length=80)
    department = VisibleKey(queryset=Department.objects.all())
    cost_centre = VisibleKey(queryset=CostCentre.objects.filter(is_active=True))
    manager = VisibleRef(slug_field="ref", queryset=Employment.objects.all(), required=False)
    grade = serializers.CharField(max_length=12, required=False)
    weekly_hours = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=168, required=False)
    fte = serializers.DecimalField(max_digits=5, decimal_places=4, required=False)
    pay = serializers.DecimalField(max_digits=14, decimal_places=4, required=False)
    pay_basis = serializers.ChoiceField(choices=PayRate.Basis.choices, required=False)
    born_on = serializers.DateField(required=False)
    national_insurance_number = serializers.CharField(max_length=13, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Department and cost centre are the company's; the number is one that HMRC issues."""
        company = attrs["company"]
        for name in ("department", "cost_centre", "manager", "person"):
            row = attrs.get(name)
            if row is not None and row.company_id != company.pk:
                raise serializers.ValidationError({name: "This is not of the company."})
        if attrs.get("continuous_from", attrs["starts_on"]) > attrs["starts_on"]:
            raise serializers.ValidationError({"continuous_from": "This lies after the first day."})
        number = attrs.get("national_insurance_number")
        if number and not nino.valid(nino.plain(number)):
            raise serializers.ValidationError({"national_insurance_number": "This is not a national insurance number."})
        return attrs


@route("people/employments")
class EmploymentEndpoint(SheetEndpoint, FlowEndpoint):
    """Employments: `POST` hires, the verbs change from a day on and let leave, `import/` brings in a file."""

    model = Employment
    serializer_class = EmploymentSerializer
    filterset_class = EmploymentFilters
    lookup_field = "ref"
    lookup_value_converter = "uuid"
    http_method_names = ["get", "post", "head", "options"]
    writes = {"create": "add", "import_file": "add"}
    importing = importing

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("person")

    @extend_schema(parameters=[KEY], request=StarterSerializer, responses={201: EmploymentSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hire somebody: person, employment, assignment and the proposal of pay."""
        return once(request, self.operation(), self._create)

    def _create(self) -> Response:
        given = StarterSerializer(data=self.request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        company = values.pop("company")
        private = {name: values.pop(name) for name in ("born_on", "national_insurance_number") if name in values}
        made = hiring.hire(company, Starter(private=private, **values), by=self.request.user)
        return self.answer(made, status.HTTP_201_CREATED)


class AssignmentSerializer(RowSerializer):
    class Meta:
        model = Assignment
        fields = [
            "id", "employment", "valid_from", "valid_to", "job_title", "department", "cost_centre", "manager", "grade",
            "weekly_hours", "fte",
        ]  # fmt: skip


@route("people/assignments")
class AssignmentEndpoint(RowsEndpoint):
    """Who did, does and will do what."""

    model = Assignment
    serializer_class = AssignmentSerializer
    filterset_fields: ClassVar = {"employment__ref": ["exact"]}


class PayRateSerializer(DocumentSerializer):
    class Meta:
        model = PayRate
        fields = [
            *DocumentSerializer.SHARED, "employment", "valid_from", "valid_to", "basis", "amount", "currency", "reason",
        ]  # fmt: skip
        read_only_fields = ["valid_to", "currency"]


@route("people/pay-rates")
class PayRateEndpoint(DocumentEndpoint):
    """Rates of pay; `POST` proposes one, which counts after somebody else's approval."""

    model = PayRate
    serializer_class = PayRateSerializer
    filterset_class = PayRateFilters
    http_method_names = ["get", "post", "head", "options"]

    @staticmethod
    def enter(rate: PayRate, *, by: Any, lines: Any = ()) -> PayRate:
        """Propose it."""
        return pay.entered(rate, by=by)


class PersonBankAccountSerializer(DocumentSerializer):
    iban = serializers.CharField(write_only=True, max_length=42)

    class Meta:
        model = PersonBankAccount
        fields = [*DocumentSerializer.SHARED, "person", "holder", "iban", "ending", "bic"]
        read_only_fields = ["ending"]


@route("people/bank-accounts")
class PersonBankAccountEndpoint(DocumentEndpoint):
    """Where pay goes; numbers go in, only their last digits come out."""

    model = PersonBankAccount
    serializer_class = PersonBankAccountSerializer
    filterset_class = BankAccountFilters
    http_method_names = ["get", "post", "head", "options"]

    @staticmethod
    def enter(account: PersonBankAccount, *, by: Any, lines: Any = ()) -> PersonBankAccount:
        """Keep it until a second person confirms it; it belongs to the company of its person."""
        account.company = account.person.company
        return keeping.enter(account, by=by)
