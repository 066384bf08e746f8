"""Where work with bills begins once a company is set up."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.organisation.slots import Start, starts

starts.fill(
    "payables.bill",
    Start(_("Enter the first bill"), lambda: reverse("payables:bill_new"), "file-text", "payables.add_bill", order=10),
)
starts.fill(
    "payables.upload",
    Start(
        _("Upload bills"),
        lambda: reverse("exchange:upload_new", args=["bill"]),
        "upload",
        "exchange.add_upload",
        order=20,
    ),
)
