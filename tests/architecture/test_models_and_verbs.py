"""Each model and each verb is explained, named in the glossary or in a test, and reachable by rights."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from backoffice.core.apps import ROOTS
from backoffice.core.flow import flows

BASE = Path(settings.BASE_DIR)


def our_models():
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in ROOTS and not m._meta.auto_created]


def label(model):
    return model._meta.label


@pytest.fixture(scope="module")
def glossary():
    return (BASE / "docs" / "glossary.md").read_text()


@pytest.fixture(scope="module")
def tests_text():
    return "\n".join(path.read_text() for path in (BASE / "tests").rglob("*.py") if "architecture" not in path.parts)


@pytest.mark.parametrize("model", our_models(), ids=label)
def test_a_model_says_what_it_is(model, glossary):
    meta = model._meta
    assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}("), "it has no docstring"
    assert any("__str__" in vars(base) for base in model.__mro__[: model.__mro__.index(_django_model(model))]), (
        "no __str__"
    )
    assert meta.ordering, "its rows have no order"
    assert "view" in meta.default_permissions, "there is no right to see it"
    assert hasattr(model.objects, "visible_to"), "its rows are not reached through rights"
    assert re.search(rf"\b{model.__name__}\b", glossary), "docs/glossary.md does not name it"


def _django_model(model):
    return next(base for base in model.__mro__ if base.__module__ == "django.db.models.base")


@pytest.mark.parametrize("model", our_models(), ids=label)
def test_the_paths_of_its_scope_lead_somewhere(model):
    from django.db.models.constants import LOOKUP_SEP

    for path in (model.scope_company, model.scope_department, getattr(model, "scope_owner", None)):
        if not path:
            continue
        options = model._meta
        for name in path.split(LOOKUP_SEP):
            field = options.pk if name == "pk" else options.get_field(name)
            options = field.related_model._meta if field.related_model else options


VERBS = [(flow, verb) for flow in flows() for verb in flow.moves]


@pytest.mark.parametrize(("flow", "verb"), VERBS, ids=[f"{flow.model._meta.label}.{verb}" for flow, verb in VERBS])
def test_a_verb_is_explained_and_tested(flow, verb, tests_text):
    function = flow.functions[verb]
    assert function.__doc__, f"{verb} has no docstring"
    module = function.__module__.rsplit(".", 1)[1]
    named = re.search(rf"\b{module}\.{verb}\(|\"{verb}/?\"|/{verb}/", tests_text)
    assert named, f"no test names {module}.{verb}"
