"""System checks of the house: what would otherwise fail late fails at start."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from backoffice.core.flow import flows


@register()
def every_move_has_its_verb(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A flow must not offer a button that nothing stands behind."""
    return [
        Error(f"{flow.model.__name__}.flow has no function for {verb}.", id="core.E001", obj=flow.model)
        for flow in flows()
        for verb in flow.moves
        if verb not in flow.functions
    ]


@register()
def every_state_is_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Sources and targets of moves are states of the model."""
    problems: list[CheckMessage] = []
    for flow in flows():
        known = {value for value, _ in flow.model._meta.get_field("state").choices or []}  # type: ignore[union-attr]
        named = {flow.start, *(s for m in flow.moves.values() for s in (*m.sources, m.target) if s is not None)}
        problems += [
            Error(f"{flow.model.__name__}.flow names an unknown state {state}.", id="core.E002", obj=flow.model)
            for state in sorted(named - known)
        ]
    return problems
