"""The first page of the set-up: the facts of a company."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import get_cc_module
from stdnum.eu import vat as eu_vat
from stdnum.util import clean

from backoffice.organisation import places
from backoffice.organisation.models import Company


class CompanyForm(forms.ModelForm):
    """Name and country; currency and time zone follow from the country unless somebody knows better."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=places.countries)
    currency = forms.CharField(
        label=gettext_lazy("Currency of the books"),
        required=False,
        max_length=3,
        help_text=gettext_lazy("Empty: that of the country"),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Empty: that of the country"),
    )

    class Meta:
        model = Company
        fields = [
            "name",
            "short_name",
            "country",
            "currency",
            "time_zone",
            "vat_number",
            "registration_number",
            "street",
            "postcode",
            "city",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("country", "GB")
        self.initial["currency"] = self.initial["time_zone"] = ""
        self.fields["short_name"].required = False
        self.fields["short_name"].help_text = _("Shown in the corner; empty: the name without its legal form")

    def clean_currency(self) -> str:
        """A currency that the house knows, by default the country's."""
        code = (self.cleaned_data["currency"] or places.currency(self.cleaned_data.get("country", ""))).upper()
        if len(code) != 3 or not code.isalpha():
            raise ValidationError(_("Give the three letters of a currency, e.g. GBP."))
        return code

    def clean_time_zone(self) -> str:
        """A time zone that exists; a country with several asks which."""
        zones, wanted = places.time_zones(self.cleaned_data.get("country", "")), self.cleaned_data["time_zone"].strip()
        if not wanted and len(zones) == 1:
            return zones[0]
        if not wanted:
            shown = ", ".join(zones[:8])
            raise ValidationError(
                _("This country has several time zones: choose one, e.g. %(zones)s.") % {"zones": shown}
            )
        if wanted not in available_timezones():
            raise ValidationError(_("There is no such time zone."))
        return wanted

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("short_name") and values.get("name"):
            values["short_name"] = _without_form(values["name"])[:40]
        if values.get("vat_number") and values.get("country"):
            self._check_vat(values)
        return values

    def _check_vat(self, values: dict[str, Any]) -> None:
        """The number with its country before it, its check digits asked."""
        country, number = values["country"], clean(values["vat_number"], " -./").upper()
        prefix = "EL" if country == "GR" else country
        bare = number.removeprefix(prefix)
        module = get_cc_module(country.lower(), "vat")
        is_eu = prefix.lower() in {*eu_vat.MEMBER_STATES, "el"}
        right = (
            eu_vat.is_valid(prefix + bare)
            if is_eu
            else module is None or module.is_valid(bare) or module.is_valid(number)
        )
        if right:
            values["vat_number"] = prefix + bare
        else:
            self.add_error("vat_number", _("The check digits of this VAT number do not agree."))


LEGAL_FORMS = (
    "Limited",
    "Ltd",
    "Ltd.",
    "plc",
    "PLC",
    "LLP",
    "GmbH",
    "AG",
    "S.A.",
    "SA",
    "BV",
    "B.V.",
    "Inc.",
    "Inc",
    "LLC",
)


def _without_form(name: str) -> str:
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 1 and words[-1] in LEGAL_FORMS else name
