"""Where the endpoints of all apps are gathered: each app's `api.py` names its own with `@route`."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar

from django.apps import apps
from rest_framework.routers import SimpleRouter

from backoffice.api.endpoints import RowsEndpoint
from backoffice.core.apps import ROOTS
from backoffice.core.slots import Slot

E = TypeVar("E", bound=type[RowsEndpoint])


class LateSlot(Slot[type[RowsEndpoint]]):
    """Filled when the first address is resolved: serialisers would slow down every command and worker."""

    def fill(self, key: str, value: type[RowsEndpoint]) -> type[RowsEndpoint]:
        if key in self._filled:
            raise LookupError(f"Slot {self.name} has {key} already.")
        self._filled[key] = value
        return value


endpoints = LateSlot("api.endpoints")


def route(path: str) -> Callable[[E], E]:
    """Offer an endpoint under `/api/v1/<path>/`, e.g. `payables/bills`."""

    def keep(endpoint: E) -> E:
        endpoints.fill(path, endpoint)
        return endpoint

    return keep


def gather() -> SimpleRouter:
    """A router with the endpoints of all installed apps; imports their `api.py`."""
    for config in apps.get_app_configs():
        if config.name.split(".")[0] in ROOTS and config.label != "api" and find_spec(f"{config.name}.api"):
            import_module(f"{config.name}.api")
    router = SimpleRouter(use_regex_path=False)
    for path, endpoint in sorted(endpoints.items()):
        meta = endpoint.model._meta
        router.register(path, endpoint, basename=f"{meta.app_label}-{endpoint.called or meta.model_name}")
    return router
