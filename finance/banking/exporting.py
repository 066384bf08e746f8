"""The file for the bank: a customer credit transfer initiation of ISO 20022, pain.001.001.09, made once."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml

from backoffice.core.encryption import fingerprints
from backoffice.core.errors import Refused
from finance.banking import releasing, withdrawing
from finance.banking.models import PaymentFile, PaymentRun

SCHEMA = "pain.001.001.09"


def content_of(run: PaymentRun) -> bytes:
    """The XML, valid by the schema that comes with the library. Raises `Refused` when the bank could not read it."""
    account = run.bank_account
    ours = {
        "name": account.holder,
        "IBAN": account.iban,
        "batch": True,
        "currency": account.currency,
        "domestic": account.currency != "EUR",  # the SEPA service level is for euros
    }
    if account.bic:
        ours["BIC"] = account.bic
    transfer = SepaTransfer(ours, schema=SCHEMA, clean=True)
    for payment in run.standing:
        each = {
            "name": payment.creditor,
            "IBAN": payment.iban,
            "amount": int(payment.amount * Decimal(100)),
            "execution_date": run.pay_on,
            "description": payment.text,
            "endtoend_id": payment.end_to_end,
        }
        transfer.add_payment({**each, "BIC": payment.bic} if payment.bic else each)
    content = _with_our_bank(bytes(transfer.export(validate=False)))
    try:
        try_valid_xml(content, SCHEMA)
    except ValidationError as reason:
        raise Refused(_("The bank could not read this file: %s") % reason, code="schema") from reason
    return content


def _with_our_bank(content: bytes) -> bytes:
    """Our own bank is named; without a BIC by the word that EPC132-08 (usage of `DbtrAgt`) has for it, never by nothing."""
    root = etree.fromstring(content)
    for bank in root.iterfind(".//{*}DbtrAgt/{*}FinInstnId"):
        if not len(bank):
            other = etree.SubElement(bank, etree.QName(bank, "Othr"))
            etree.SubElement(other, etree.QName(bank, "Id")).text = "NOTPROVIDED"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


@PaymentRun.flow.verb
def export(run: PaymentRun, *, by: Any) -> None:
    """Make the file and keep it with its checksum; there is no second one.

    A payment whose bank details changed since the release, or that somebody blocked meanwhile, is taken out and booked
    back instead. Raises `Refused` when nothing would be left, when the pay date has passed, and when a payment isn't
    the one that was released.
    """
    if PaymentFile.objects.filter(run=run).exists():
        raise Refused(_("The file for this run was made already."), code="exported")
    if objections := withdrawing.objections(run):
        withdrawing.out(run, objections, by=by)
    for payment in run.standing:
        if payment.released_digest not in fingerprints(releasing.words_of(run, payment)):
            raise Refused(
                _("What was released to %s is not what would be sent: take the release back.") % payment.creditor,
                code="details",
            )
    content = content_of(run)
    PaymentFile.objects.create(
        run=run,
        name=f"{run.number}.xml",
        content=content.decode(),
        size=len(content),
        digest=sha256(content).hexdigest(),
        made_by=by,
    )
