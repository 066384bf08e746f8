"""The mail with which a new colleague sets a password and signs in for the first time."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.access.models import User
from backoffice.messaging.models import OutgoingMail
from backoffice.messaging.sending import queue_mail
from backoffice.organisation.models import Company


def welcome(user: User, *, company: Company, by: User) -> OutgoingMail:
    """Queue the invitation. Its link works once, for three days, and dies with the first password."""
    return queue_mail(
        to=user,
        subject=_("%(by)s invites you to the books of %(company)s") % {"by": by.name, "company": company.short_name},
        text=render_to_string("email/invitation.txt", {"user": user, "company": company, "by": by, "link": link(user)}),
        company=company,
    )


def link(user: User) -> str:
    """The one-time address under which this person sets a password."""
    uid, token = user_pk_to_url_str(user), default_token_generator.make_token(user)
    return settings.SITE_URL.rstrip("/") + reverse("account_reset_password_from_key", args=[uid, token])
