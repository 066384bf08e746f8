"""All addresses of the house, with the view, the model and an address to try; and who may open what.

Every route is either named here as public or personal, with a reason, or it needs a right.
"""

import re
from dataclasses import dataclass

from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from backoffice.core.apps import ROOTS

# Anybody may open these.
PUBLIC = {
    "healthz": "asked by load balancers, tells nothing but that it lives",
    "organisation:setup": "only while the house has no user: the founder's account; then it asks for a right",
    "readyz": "asked by load balancers, tells the state of services in one word each",
}
# Signed-in people may open these without any further right, since they show only what is theirs.
PERSONAL = {
    "ui:work": "each part shows what waits for this person",
    "ui:find": "the palette shows only rows in scope",
    "ui:keys": "the keys of the screens",
    "ui:profile": "the person's own profile",
    "ui:badges": "numbers of what waits for this person",
    "ui:preferences": "theme and row height of this person",
    "ui:save_view": "views are kept for the person",
    "ui:drop_view": "only own views are found",
    "ui:lookup": "look-ups offer only rows in scope",
    "ui:draft": "drafts belong to person and address",
    "api:schema": "tells names of fields, no data",
    "api:docs": "the schema to read",
    "api:tokens": "a person's own tokens",
    "api:token_revoke": "only own tokens are found",
    "messaging:notice_list": "notices to this person",
    "messaging:notice": "only own notices are found",
    "jobs:job_list": "jobs that this person started",
    "jobs:job": "only own jobs are found without the right",
    "jobs:job_progress": "only own jobs are found without the right",
    "jobs:job_cancel": "only own jobs are found without the right",
    "reports:report_list": "lists only reports that the person may see",
}
# Whole branches that others guard.
BRANCHES = {
    "accounts/": "django-allauth: signing in is for everybody, the rest asks for a session itself",
    "admin/": "Django's admin: staff only, rights by its own classes",
}


@dataclass(frozen=True)
class Route:
    """One URL pattern."""

    name: str
    pattern: str
    view: object
    options: dict

    @property
    def model(self):
        """The model whose rows it shows, if it says so."""
        if cls := getattr(self.view, "cls", None):
            return getattr(cls, "model", None)
        return self.options.get("model") or getattr(getattr(self.view, "view_class", None), "model", None)

    @property
    def kind(self):
        """The class of the screen or endpoint."""
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None) or self.view

    @property
    def is_api(self):
        return hasattr(self.view, "cls")

    def address(self, **values):
        """The path with something plausible in every place."""

        def fill(match):
            converter, _colon, name = match[1].rpartition(":")
            if name in values:
                return str(values[name])
            return {"int": "1", "uuid": "00000000-0000-7000-8000-000000000000", "path": "me"}.get(converter, "x")

        return "/" + re.sub(r"<([^>]+)>", fill, self.pattern)


def routes():
    """Every URL pattern of the product, in the order of resolution."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, before, namespace):
    for pattern in patterns:
        text = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, text, inner)
        else:
            view = pattern.callback
            yield Route(f"{namespace}{pattern.name}", text, view, getattr(view, "view_initkwargs", {}))


def ours():
    """The routes that we guard ourselves."""
    return [route for route in routes() if not any(route.pattern.startswith(branch) for branch in BRANCHES)]


def guarded():
    """The routes that need a right."""
    return [route for route in ours() if route.name not in PUBLIC and route.name not in PERSONAL and not owned(route)]


def owned(route):
    """Endpoints of rows that people own answer everybody, with the own rows only."""
    actions = set(getattr(route.view, "actions", {}).values())
    return (
        route.is_api and hasattr(route.model, "scope_owner") and bool(actions & {"list", "retrieve", "verbs", "bulk"})
    )


def is_ours(view):
    return view.__module__.split(".")[0] in ROOTS
