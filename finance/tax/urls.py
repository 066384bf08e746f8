"""The screens of taxes: the codes, and the rows captured at posting."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from backoffice.ui.screens import ListScreen
from finance.tax.models import TaxCode, TaxRow
from finance.tax.tables import TaxCodeTable, TaxRowTable

app_name = "tax"

urlpatterns = [
    path("codes/", ListScreen.as_view(model=TaxCode, table=TaxCodeTable, title=_("Tax codes")), name="taxcode_list"),
    path("rows/", ListScreen.as_view(model=TaxRow, table=TaxRowTable, title=_("VAT rows")), name="taxrow_list"),
]
