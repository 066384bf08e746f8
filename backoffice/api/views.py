"""The documentation page, and a person's tokens."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from drf_spectacular.views import SpectacularSwaggerSplitView

from backoffice.access.models import User
from backoffice.api import tokens
from backoffice.api.forms import TokenForm
from backoffice.api.models import ApiToken
from backoffice.core.errors import Refused


class SignedIn(HttpRequest):
    """A request that `login_required` let through."""

    user: User


@method_decorator(login_required, name="dispatch")
class DocumentationPage(SpectacularSwaggerSplitView):
    """The schema to read and try out, without scripts from elsewhere and without inline code."""

    template_name = "backoffice/api/docs.html"
    url_name = "api:schema"
    title = "Back Office API"


@login_required
@never_cache
def own_tokens(request: SignedIn) -> HttpResponse:
    """A person's own tokens; a new one's secret is shown in this answer and never again."""
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        chosen: dict[str, Any] = form.cleaned_data
        ends = timezone.now() + timedelta(days=chosen["days"])
        try:
            _token, secret = tokens.make(by=request.user, name=chosen["name"], scope=chosen["scope"], expires_at=ends)
            form = TokenForm()
        except Refused as refused:
            form.add_error(None, str(refused))
    now = timezone.now()
    rows = [(token, token.is_alive(now)) for token in ApiToken.objects.filter(user=request.user)]
    status = 422 if form.errors else 200
    return render(request, "backoffice/api/tokens.html", {"form": form, "rows": rows, "secret": secret}, status=status)


@login_required
@require_POST
def revoke_token(request: SignedIn, pk: int) -> HttpResponse:
    """End one of one's own tokens at once."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    tokens.revoke(token, by=request.user, at=timezone.now())
    messages.success(request, _("%(token)s was revoked.") % {"token": token.name})
    return redirect("api:tokens")
