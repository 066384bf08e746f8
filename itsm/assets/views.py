"""The own equipment, finding by tag, and labels."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.ui.screen import Screen, back
from itsm.assets import handing, labels, tagging
from itsm.assets.forms import LabelsForm
from itsm.assets.models import Asset


class OwnScreen(Screen):
    """What the person who looks holds; what is new is accepted here."""

    model = Asset
    permission = "assets.view_own_asset"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(handing.own(request.user).prefetch_related("hand_overs").order_by("number"))
        context = {
            "title": _("My equipment"),
            "crumbs": [(_("My equipment"), "")],
            "path": request.path,
            "rows": [
                (asset, next((h for h in asset.hand_overs.all() if h.returned_at is None), None)) for asset in rows
            ],
        }
        return render(request, "itsm/assets/mine.html", context)


class AcceptScreen(Screen):
    """The holder says: I have it."""

    model = Asset
    permission = "assets.accept_asset"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = handing.own(request.user).filter(pk=pk).first()
        if asset is None:
            raise Http404
        handing.accept(asset, by=request.user)
        messages.success(request, _("%(name)s is yours to look after.") % {"name": asset.name})
        return redirect(back(request, handing.OWN))


class FindScreen(Screen):
    """A field for the scanner, or the address in a sticker's code."""

    model = Asset

    def get(self, request: HttpRequest, tag: str = "") -> HttpResponse:
        wanted, refusal = tag or request.GET.get("tag", ""), ""
        if wanted:
            try:
                found = self.rows().filter(number=tagging.read(wanted)).first()
            except Refused as reason:
                found, refusal = None, str(reason)
            if found is not None:
                return redirect(found.get_absolute_url())
            refusal = refusal or _("There is no asset with the tag “%s”.") % wanted
        context = {
            "title": _("Find by tag"),
            "crumbs": self.where(self.list_crumb(), (_("Find"), "")),
            "path": request.path,
            "refusal": refusal,
        }
        return render(request, "itsm/assets/find.html", context, status=404 if refusal else 200)


class LabelScreen(Screen):
    """The sticker of one asset as PDF."""

    model = Asset

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = self.found(pk)
        return paper([asset], f"{asset}.pdf")


class LabelsScreen(Screen):
    """Stickers from one tag to another as PDF."""

    model = Asset

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(LabelsForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LabelsForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            first = tagging.read(form.cleaned_data["first"])
            last = tagging.read(form.cleaned_data["last"] or first)
            rows = self.rows().filter(number__gte=first, number__lte=last).select_related("company")
            return paper(list(rows.order_by("number")[: labels.MOST + 1]), f"{first}-{last}.pdf")
        except Refused as reason:
            return self.page(form, refusal=str(reason), status=422)

    def page(self, form: LabelsForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
        context = {
            "title": _("Labels"),
            "crumbs": self.where(self.list_crumb(), (_("Labels"), "")),
            "path": self.request.path,
            "form": form,
            "refusal": refusal,
            "back_href": self.list_href(),
        }
        return render(self.request, "itsm/assets/labels.html", context, status=status)


def paper(assets: list[Asset], name: str) -> HttpResponse:
    """A file of stickers."""
    response = HttpResponse(labels.pdf(assets), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or ""
    return response
