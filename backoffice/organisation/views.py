"""Setting up a company: the founder, the company, then the steps that the apps above bring."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.organisation import founding
from backoffice.organisation.forms import CompanyForm
from backoffice.organisation.models import Company
from backoffice.organisation.slots import Step, starts, steps
from backoffice.organisation.slots import founding as founders

BACKEND = "backoffice.access.backends.RoleBackend"


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Where the set-up begins: the founder's account on an empty system, else a new company."""
    if founders.only.is_open():
        return _found(request)
    return company(request)


def _found(request: HttpRequest) -> HttpResponse:
    """Make the first account; whoever is second is sent to sign in."""
    form = import_string(founders.only.form)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = founders.only.found(form.cleaned_data)
        except Refused as reason:
            messages.error(request, str(reason))
            return HttpResponseRedirect(reverse("account_login"))
        login(request, user, backend=BACKEND)
        return HttpResponseRedirect(reverse("organisation:setup"))
    context = {"form": form, "title": _("Welcome to Back Office")}
    return render(request, "backoffice/organisation/founder.html", context, status=422 if form.errors else 200)


@login_required
def company(request: HttpRequest) -> HttpResponse:
    """The facts of a new company."""
    if denied := authority.only.refusal(request.user, "organisation.add_company", None):
        raise denied
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = founding.found(form.save(commit=False), by=request.user)
        request.session["company"] = made.pk
        return HttpResponseRedirect(_next(made))
    context = {
        "form": form,
        "title": _("Set up a company"),
        "stages": _stages(None, ""),
        "intro": _("What stands on its paper. Everything else can be changed later, the currency cannot."),
        "button": _("Found the company"),
    }
    return render(request, "backoffice/organisation/setup.html", context, status=422 if form.errors else 200)


@login_required
def step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One further step: its form, or on to the next when it is done."""
    own, stage = _company(request, pk), _step(key)
    if stage.is_done(own) and not stage.optional:
        return HttpResponseRedirect(_next(own, after=key))
    form = import_string(stage.form)(request.POST or None, company=own, user=request.user)
    refusal = ""
    if request.method == "POST" and request.POST.get("skip") and stage.optional:
        return HttpResponseRedirect(_next(own, after=key))
    if request.method == "POST" and form.is_valid():
        try:
            stage.save(own, form.cleaned_data, by=request.user)
        except Refused as reason:
            refusal = str(reason)
        else:
            return HttpResponseRedirect(_next(own, after=key))
    context = {
        "form": form,
        "title": stage.label,
        "intro": stage.intro,
        "stages": _stages(own, key),
        "refusal": refusal,
        "optional": stage.optional,
        "button": _("Save and go on"),
    }
    bad = request.method == "POST" and bool(form.errors or refusal)
    return render(request, "backoffice/organisation/setup.html", context, status=422 if bad else 200)


@login_required
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """What was set up, where the work begins, and who is still missing."""
    own = _company(request, pk)
    open_starts = [s for s in sorted(starts, key=lambda s: s.order) if request.user.has_perm(s.permission)]
    context = {
        "title": _("%(company)s is ready") % {"company": own.short_name},
        "own": own,
        "stages": _stages(own, "done"),
        "links": [(s.label, s.href(), s.icon) for s in open_starts],
        "missing": [
            (s.label, reverse("organisation:setup_step", args=[own.pk, key]))
            for key, s in _ordered()
            if not s.is_done(own)
        ],
    }
    return render(request, "backoffice/organisation/setup_done.html", context)


def _company(request: HttpRequest, pk: int) -> Company:
    own = get_object_or_404(Company, pk=pk)
    if authority.only.refusal(request.user, "organisation.add_company", own):
        raise Http404
    return own


def _ordered() -> list[tuple[str, Step]]:
    return sorted(steps.items(), key=lambda pair: pair[1].order)


def _step(key: str) -> Step:
    found = steps.get(key)
    if found is None:
        raise Http404
    return found


def _next(own: Company, after: str = "") -> str:
    """The next step that is not done, else the last page."""
    keys = [key for key, _step in _ordered()]
    for key in keys[keys.index(after) + 1 if after else 0 :]:
        if not steps[key].is_done(own):
            return reverse("organisation:setup_step", args=[own.pk, key])
    return reverse("organisation:setup_done", args=[own.pk])


def _stages(own: Company | None, at: str) -> list[dict[str, Any]]:
    """The steps as the head shows them."""
    told = [(_("Company"), own is not None, own is None)]
    told += [(s.label, own is not None and s.is_done(own), key == at) for key, s in _ordered()]
    return [
        {"label": label, "done": is_done and not now, "now": now, "state": "now" if now else "done" if is_done else ""}
        for label, is_done, now in told
    ]
