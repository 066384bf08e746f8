"""The screens of the kit itself: My work, find or do, the profile, drafts, saved views, lookups."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backoffice.access.middleware import SESSION_KEY
from backoffice.access.models import User
from backoffice.access.rights import companies
from backoffice.audit.models import Act
from backoffice.core.authority import authority
from backoffice.ui import drafts
from backoffice.ui.finding import doable, found
from backoffice.ui.lookups import lookup_for, new_href
from backoffice.ui.menus import counts_for
from backoffice.ui.models import SavedView
from backoffice.ui.screen import back, with_pointed
from backoffice.ui.sending import sent_before
from backoffice.ui.slots import tiles, work

ALERTS = 6  # shown on My work; the rest stands under Notices


@login_required
@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for this person: tiles, approvals, tasks, alerts, running jobs, and what they did lately."""
    user: Any = request.user
    lists = [_part(each, user) for each in sorted(work, key=lambda each: each.order)]
    _drop_repeated(lists)
    waiting = [part for part in lists if part["rows"]]
    shown = sorted((t for t in tiles if not t.permission or user.has_perm(t.permission)), key=lambda t: t.order)
    figures = [(tile, figure) for tile in shown if (figure := tile.figure(user))]
    context = {
        "title": _("My work"),
        "today": timezone.localdate(),
        "tiles": figures,
        "main": [part for part in waiting if part["kind"] in ("approvals", "tasks")],
        "side": [part for part in waiting if part["kind"] not in ("approvals", "tasks")],
        "lately": lately(user),
        "summary": ", ".join(
            part["counted"] for part in waiting if part["count"] and part["kind"] in ("approvals", "tasks")
        ),
    }
    return render(request, "ui/work.html", context)


def _part(each: Any, user: Any) -> dict[str, Any]:
    rows = each.rows(user)
    count = each.count(user) if each.count else len(rows)
    return {
        "label": each.label,
        "kind": each.kind,
        "rows": rows,
        "count": count,
        "counted": str(each.counted % count if each.counted else f"{count} {str(each.label).lower()}"),
        "href": each.href,
        "template": each.template,
    }


def _drop_repeated(lists: list[dict[str, Any]]) -> None:
    """Take out the notices about what waits in the middle of the page; a few of the others are shown."""
    waiting = {row.href for part in lists if part["kind"] == "approvals" for row in part["rows"]}
    for part in lists:
        if part["kind"] == "alerts":
            part["rows"] = [row for row in part["rows"] if not row.about or row.about not in waiting]
            part["count"] = len(part["rows"])
            part["rows"] = part["rows"][:ALERTS]


def lately(user: Any) -> list[dict[str, Any]]:
    """The documents that this person touched last and may still see, newest first."""
    acts = Act.objects.filter(by=user).order_by("-id").values_list("content_type_id", "object_id", "at")[:40]
    seen: dict[tuple[int, int], Any] = {}
    for kind, pk, at in acts:
        seen.setdefault((kind, pk), at)
    by_kind: dict[int, list[int]] = {}
    for kind, pk in list(seen)[:8]:
        by_kind.setdefault(kind, []).append(pk)
    rows = []
    for kind, keys in by_kind.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None or not hasattr(model, "get_absolute_url") or not hasattr(model._default_manager, "visible_to"):
            continue
        found_rows = with_pointed(model._default_manager.visible_to(user).filter(pk__in=keys))
        rows += [{"label": _named(r), "href": r.get_absolute_url(), "at": seen[(kind, r.pk)]} for r in found_rows]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def _named(document: Any) -> str:
    """Bill 01380, Northmoor Packaging Ltd."""
    name, number = str(document), str(getattr(document, "number", "") or "")
    short = name.replace(number, number.rsplit("-", 1)[-1]) if number else name
    title = str(getattr(document, "title", "") or "")
    return f"{short}, {title}" if title and title != name else short


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The palette's results, or the page that works without script."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401) if request.headers.get("HX-Request") else login_required(find)(request)
    words = request.GET.get("q", "")[:100]
    groups = doable(request.user, request.GET["of"]) if request.GET.get("of") else found(request.user, words)
    template = "ui/_found.html" if request.headers.get("HX-Request") else "ui/find.html"
    return render(request, template, {"groups": groups, "q": words, "title": _("Find or do")})


@login_required
@require_GET
def badges(request: HttpRequest) -> JsonResponse:
    """The figures beside the menu."""
    return JsonResponse(counts_for(request.user, fresh=True))


@login_required
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The keyboard map as a page."""
    return render(request, "ui/keys_page.html", {"title": _("Keys")})


class PreferencesForm(forms.ModelForm):
    """How the screens look and behave for one person."""

    single_keys = forms.BooleanField(
        label=_("Single-letter keys"), required=False, help_text=_("A to approve, J and K to move, and so on")
    )

    class Meta:
        model = User
        fields = ["theme", "density", "single_keys"]


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """A person's own settings, and the ways to password and second factor."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)
    return render(
        request,
        "ui/profile.html",
        {"title": _("Profile"), "form": form, "path": request.path},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """One choice made on the page: theme, row height, or the company to work in."""
    user: Any = request.user
    for name, choices in (("theme", User.Theme.values), ("density", User.Density.values)):
        if request.POST.get(name) in choices and name in request.POST:
            setattr(user, name, request.POST[name])
            user.save(update_fields=[name])
    if wanted := request.POST.get("company"):
        company = get_object_or_404(companies(user), pk=wanted)
        request.session[SESSION_KEY] = company.pk
        user.last_company = company
        user.save(update_fields=["last_company"])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    target = request.POST.get("next", "/")
    return HttpResponseRedirect(target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/")


@require_POST
def draft(request: HttpRequest, address: str) -> HttpResponse:
    """Keep what a form holds now, under the form's address."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    # The last keys may arrive after the form itself was sent and saved: that is no draft any more.
    if not sent_before(request.user, request.POST.get("idempotency_key", "")):
        drafts.keep(request.user, f"/{address}/", request.POST)
    return HttpResponse(status=204)


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filter and sort of a list under a name."""
    user: Any = request.user
    address, name = request.POST.get("address", "")[:200], request.POST.get("name", "").strip()[:40]
    if not name or not address.startswith("/") or address.startswith("//"):
        raise Http404
    is_default = bool(request.POST.get("is_default"))
    if is_default:
        SavedView.objects.filter(user=user, address=address).update(is_default=False)
    values = {"query": request.POST.get("query", "")[:1000], "is_default": is_default}
    view, _new = SavedView.objects.update_or_create(user=user, address=address, name=name, defaults=values)
    return HttpResponseRedirect(f"{address}?{view.query}")


@login_required
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    view.delete()
    return HttpResponseRedirect(back(request, view.address))


@require_GET
def lookup(request: HttpRequest, label: str) -> HttpResponse:
    """Records of a model for a search box, only those the person may see."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if not hasattr(model._default_manager, "visible_to"):
        raise Http404
    meta = model._meta
    if denied := authority.only.refusal(request.user, f"{meta.app_label}.view_{meta.model_name}", None):
        raise denied
    source = lookup_for(model)
    hints = {name: str(value) for name, value in request.GET.items() if name != "q"}
    words = request.GET.get("q", "")[:80]
    rows = source.matching(source.rows(request.user, model._default_manager.all(), hints), words)
    context = {"options": [_option(source, row) for row in rows], "words": words}
    if not rows and words:
        context["new_href"] = _new_href(model, request.user, words)
    return render(request, "ui/_options.html", context)


def _new_href(model: Any, user: Any, words: str) -> str:
    """The form for what was not found, with the words that were typed."""
    href = new_href(model, user)
    return f"{href}?{urlencode({'name': words})}" if href else ""


def _option(source: Any, row: Any) -> dict[str, Any]:
    code, words = source.code(row), source.text(row)
    name = words.removeprefix(code).strip() if code else words
    return {
        "value": row.pk,
        "text": words,
        "code": code,
        "name": name,
        "sub": source.sub(row),
        "reason": source.why_not(row),
        "href": row.get_absolute_url() if hasattr(row, "get_absolute_url") else "",
    }
