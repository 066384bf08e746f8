"""Every flow: moves are bound, reachable, and refused from all other states."""

import inspect

import pytest

from backoffice.access.models import User
from backoffice.core.errors import Refused
from backoffice.core.flow import flows

VERBS = [(flow, verb) for flow in flows() for verb in flow.moves]
NAMES = [f"{flow.model._meta.label}.{verb}" for flow, verb in VERBS]


def reachable(flow):
    found, size = {flow.start}, 0
    while len(found) != size:
        size = len(found)
        found |= {m.target for m in flow.moves.values() if m.target and found & set(m.sources)}
    return found


@pytest.mark.parametrize("flow", flows(), ids=lambda f: f.model._meta.label)
def test_every_state_can_be_reached(flow):
    known = {value for value, _words in flow.model._meta.get_field("state").choices}
    assert known - reachable(flow) == set()


@pytest.mark.parametrize(("flow", "verb"), VERBS, ids=NAMES)
def test_a_move_is_bound_and_takes_only_named_details(flow, verb):
    function = flow.functions[verb]
    first, *rest = inspect.signature(function).parameters.values()
    assert first.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in rest)
    assert "by" in {parameter.name for parameter in rest}


@pytest.mark.parametrize(("flow", "verb"), VERBS, ids=NAMES)
def test_a_move_is_refused_from_all_other_states(flow, verb):
    root = User(is_superuser=True, is_active=True)
    states = {value for value, _words in flow.model._meta.get_field("state").choices}
    for state in states - set(flow.moves[verb].sources):
        reason = flow.why_not(flow.model(state=state), root, verb)
        assert isinstance(reason, Refused) and reason.code == "state" and str(reason)


@pytest.mark.django_db
@pytest.mark.parametrize(("flow", "verb"), VERBS, ids=NAMES)
def test_a_right_stands_behind_every_button(flow, verb):
    from django.contrib.auth.models import Permission

    app, codename = flow.permission(verb).split(".")
    found = Permission.objects.filter(content_type__app_label=app, codename=codename).exists()
    assert found is not flow.moves[verb].system
