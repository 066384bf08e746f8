"""Which company a user works in: kept in the session, limited to those that their roles reach."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from backoffice.access.rights import companies
from backoffice.organisation.models import Company
from backoffice.organisation.slots import founding

SESSION_KEY = "company"


def companies_of(request: HttpRequest) -> list[Company]:
    """The companies that this person's roles reach, by name."""
    return list(companies(request.user).order_by("name")) if request.user.is_authenticated else []


def company_in_view(request: HttpRequest) -> Company | None:
    """The chosen company, else the one used last, else the first by name; None when there is none."""
    allowed: list[Company] = request.companies  # type: ignore[attr-defined]
    if not allowed:
        return None
    user: Any = request.user
    wanted = request.session.get(SESSION_KEY) or user.last_company_id
    return next((company for company in allowed if company.pk == wanted), allowed[0])


class CompanyMiddleware:
    """Sets `request.company` and `request.companies`, read from the database once, when somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.companies = SimpleLazyObject(lambda: companies_of(request))  # type: ignore[attr-defined]
        request.company = SimpleLazyObject(lambda: company_in_view(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class FoundingMiddleware:
    """On an empty system the sign-in page leads to the set-up: there is nobody who could sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and request.path == reverse(settings.LOGIN_URL) and founding.only.is_open():
            return HttpResponseRedirect(reverse("organisation:setup"))
        return self.get_response(request)
