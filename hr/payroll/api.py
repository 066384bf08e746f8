"""Pay for programs: runs with their verbs and progress, payslips with their lines for whoever may see pay, tax details."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, DocumentEndpoint, MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer, VisibleKey, VisibleRef
from backoffice.api.sheets import SheetEndpoint
from hr.payroll import detailing, importing, items, panels, planning, preparing
from hr.payroll.forms import (
    ElementFilters,
    ParameterFilters,
    PayItemFilters,
    PayslipFilters,
    RunFilters,
    TaxDetailsFilters,
)
from hr.payroll.models import Element, Parameter, PayItem, PayrollRun, Payslip, PayslipLine, TaxDetails, YearToDate
from hr.payroll.uk import insurance, loans, paye
from hr.people.models import Employment


class PayrollRunSerializer(DocumentSerializer):
    progress = serializers.SerializerMethodField()

    class Meta:
        model = PayrollRun
        fields = [
            *DocumentSerializer.SHARED, "year", "month", "pay_on", "currency", "people", "gross", "deductions", "employer",
            "net", "entry", "prepared_at", "concluded_at", "replaces", "progress",
        ]  # fmt: skip
        read_only_fields = ["currency", "entry", "replaces"]

    def get_progress(self, run: PayrollRun) -> dict[str, int] | None:
        """People done and to be done while the run is calculated."""
        if run.state != PayrollRun.State.CALCULATING:
            return None
        found = panels.progress(run)
        return {"done": found.done, "total": found.total}


@route("payroll/runs")
class RunEndpoint(DocumentEndpoint):
    """Payroll runs: `POST` opens the run of a month; `calculate`, `submit`, `approve`, `post` follow."""

    model = PayrollRun
    serializer_class = PayrollRunSerializer
    filterset_class = RunFilters
    http_method_names = ["get", "post", "head", "options"]

    @staticmethod
    def enter(run: PayrollRun, *, by: Any, lines: Any = ()) -> PayrollRun:
        """Open it."""
        return preparing.entered(run, by=by)


class PayslipLineSerializer(serializers.ModelSerializer):
    class Meta:
        model = PayslipLine
        fields = ["place", "code", "name", "kind", "amount", "trace"]


class PayslipSerializer(RowSerializer):
    lines = PayslipLineSerializer(many=True, read_only=True)

    class Meta:
        model = Payslip
        fields = [
            "id", "run", "employment", "department", "cost_centre", "state", "flags", "tax_code", "gross", "deductions",
            "employer", "net", "net_before", "input_hash", "result_hash", "lines",
        ]  # fmt: skip


@route("payroll/payslips")
class PayslipEndpoint(RowsEndpoint):
    """Payslips with their lines and traces, for whoever may see pay."""

    model = Payslip
    serializer_class = PayslipSerializer
    filterset_class = PayslipFilters

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("lines")


class TaxDetailsSerializer(RowSerializer):
    class Meta:
        model = TaxDetails
        fields = [
            "id", "employment", "valid_from", "valid_to", "tax_code", "code_source", "ni_category", "is_director",
            "loan_plans", "postgraduate_loan", "pension", "pension_employee", "pension_employer",
        ]  # fmt: skip


class DetailsSerializer(serializers.Serializer):
    """Other details from a day on; what is not named stays as it is."""

    employment = VisibleRef(slug_field="ref", queryset=Employment.objects.all())
    effective_from = serializers.DateField()
    tax_code = serializers.CharField(max_length=12, required=False)
    code_source = serializers.CharField(max_length=60, required=False)
    ni_category = serializers.ChoiceField(choices=list(insurance.CATEGORIES), required=False)
    is_director = serializers.BooleanField(required=False)
    loan_plans = serializers.ListField(child=serializers.ChoiceField(choices=list(loans.PLANS)), required=False)
    postgraduate_loan = serializers.BooleanField(required=False)
    pension = serializers.ChoiceField(choices=TaxDetails.Pension.choices, required=False)
    pension_employee = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    pension_employer = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )

    def validate_tax_code(self, value: str) -> str:
        """Refuse what is no tax code."""
        if not paye.readable(value):
            raise serializers.ValidationError(_("This is not a tax code, such as 1257L, S1257L M1, K475 or BR."))
        return value


@route("payroll/tax-details")
class TaxDetailsEndpoint(RowsEndpoint):
    """How people are taxed and insured; `POST` lets other details hold from a day on."""

    model = TaxDetails
    serializer_class = TaxDetailsSerializer
    filterset_class = TaxDetailsFilters
    http_method_names = ["get", "post", "head", "options"]
    writes = {"create": "add"}

    @extend_schema(parameters=[KEY], request=DetailsSerializer, responses={201: TaxDetailsSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the details of an employment from a day on."""
        return once(request, self.operation(), self._create)

    def _create(self) -> Response:
        given = DetailsSerializer(data=self.request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        made = detailing.change(values.pop("employment"), by=self.request.user, **values)
        return self.answer(made, status.HTTP_201_CREATED)


class BroughtForwardSerializer(RowSerializer):
    class Meta:
        model = YearToDate
        fields = ["id", "employment", "tax_year", "code", "amount", "source"]


@route("payroll/brought-forward")
class BroughtForwardEndpoint(SheetEndpoint):
    """What people were paid in a tax year before us, figure by figure; `import/` brings in a file of it."""

    model = YearToDate
    serializer_class = BroughtForwardSerializer
    http_method_names = ["get", "post", "head", "options"]
    writes = {"import_file": "add"}
    importing = importing

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(run=None)


class ElementSerializer(RowSerializer):
    class Meta:
        model = Element
        fields = ["id", "company", "code", "name", "kind", "feeds", "formula", "account", "is_active"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Code and kind stand in lines that are posted: they are given once."""
        if self.instance is not None:
            for name in ("company", "code", "kind"):
                if name in attrs and attrs[name] != getattr(self.instance, name):
                    raise serializers.ValidationError({name: _("This is given once.")})
        return attrs


@route("payroll/elements")
class ElementEndpoint(MasterEndpoint):
    """A company's own parts of pay, with formula and account."""

    model = Element
    serializer_class = ElementSerializer
    filterset_class = ElementFilters

    @transaction.atomic
    def _create(self) -> Response:
        answer = super()._create()
        planning.parts(Element.objects.get(pk=answer.data["id"]).company)
        return answer

    @transaction.atomic
    def _change(self, version: int | None) -> Response:
        answer = super()._change(version)
        planning.parts(Element.objects.get(pk=answer.data["id"]).company)
        return answer


class PayItemSerializer(RowSerializer):
    class Meta:
        model = PayItem
        fields = ["id", "employment", "element", "amount", "valid_from", "valid_to", "note", "entered_by"]


class NewItemSerializer(serializers.Serializer):
    """An amount of an element: once, or with `only_once: false` every month from then on."""

    employment = VisibleRef(slug_field="ref", queryset=Employment.objects.all())
    element = VisibleKey(queryset=Element.objects.all())
    amount = serializers.DecimalField(max_digits=12, decimal_places=2)
    valid_from = serializers.DateField()
    only_once = serializers.BooleanField(default=True)
    note = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class LastDaySerializer(serializers.Serializer):
    """The last day on which it holds."""

    last_day = serializers.DateField()


class TakenBackSerializer(serializers.Serializer):
    """Which item is gone."""

    id = serializers.IntegerField()


@route("payroll/pay-items")
class PayItemEndpoint(RowsEndpoint):
    """What people get or are charged beside the salary; `POST` enters one, `end` and `take-back` follow."""

    model = PayItem
    serializer_class = PayItemSerializer
    filterset_class = PayItemFilters
    http_method_names = ["get", "post", "head", "options"]
    writes = {"create": "add", "end": "change", "take_back": "change"}

    @extend_schema(parameters=[KEY], request=NewItemSerializer, responses={201: PayItemSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Enter a pay item of an employment."""
        return once(request, self.operation(), self._create)

    def _create(self) -> Response:
        given = NewItemSerializer(data=self.request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        made = items.add(by=self.request.user, **given.validated_data)
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(parameters=[KEY], request=LastDaySerializer, responses=PayItemSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let it end on a day."""
        return once(request, self.operation(), self._end)

    def _end(self) -> Response:
        given = LastDaySerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        return self.answer(items.end(self.get_object(), by=self.request.user, **given.validated_data))

    @extend_schema(parameters=[KEY], request=None, responses=TakenBackSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove what no posted run has paid."""
        return once(request, self.operation(), self._take_back)

    def _take_back(self) -> Response:
        item = self.get_object()
        answer = {"id": item.pk}
        items.take_back(item, by=self.request.user)
        return Response(answer)


class ParameterSerializer(RowSerializer):
    class Meta:
        model = Parameter
        fields = ["id", "jurisdiction", "code", "valid_from", "value", "source", "recorded_at"]


@route("payroll/parameters")
class ParameterEndpoint(RowsEndpoint):
    """Figures of the law with their days and sources."""

    model = Parameter
    serializer_class = ParameterSerializer
    filterset_class = ParameterFilters
