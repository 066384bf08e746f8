"""How a document moves from state to state.

A model declares its flow as data; the verbs are plain functions bound to it. From the same
table follow the lock, the transaction, the state check, the right, the audit row, the button,
the endpoint, the state diagram and the tests.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Conflict, DutyConflict, Refused

D = TypeVar("D", bound=models.Model)
P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
Guard = Callable[[Any, Any], Exception | None]

# The documents that verbs hold locked at this moment, by model and key, and what was read of them meanwhile.
_at_hand: ContextVar[dict[tuple[type[models.Model], Any], models.Model] | None] = ContextVar("at_hand", default=None)


@dataclass(frozen=True)
class Move:
    """One arrow of a flow: from which states a verb leads where, and how it presents itself.

    `apart` names fields of the document that hold people; whoever stands there may not act.
    `prepare` takes locks that stand above the document (the period); `finish` is the last write.
    `system` verbs are called by other verbs only: no button, no endpoint, no right of their own.
    """

    sources: tuple[str, ...]
    target: str | None
    label: Any = ""
    done: Any = ""
    icon: str = ""
    key: str = ""
    primary: bool = False
    danger: bool = False
    confirm: Any = ""
    apart: tuple[str, ...] = ()
    system: bool = False
    prepare: Callable[..., None] | None = None
    finish: Callable[..., None] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def move(source: str | Iterable[str], target: str | None, **options: Any) -> Move:
    """A move from one or several states to another; `target=None` keeps the state."""
    sources = (source,) if isinstance(source, str) else tuple(source)
    return Move(tuple(str(s) for s in sources), None if target is None else str(target), **options)


class Flow:
    """The moves of a document model and the functions that perform them."""

    model: type[models.Model]

    def __init__(self, start: str, **moves: Move) -> None:
        self.start = str(start)
        self.moves = moves
        self.functions: dict[str, Callable[..., Any]] = {}
        self.guards: dict[str, list[Guard]] = {verb: [] for verb in moves}
        self.prepares = {verb: arrow.prepare for verb, arrow in moves.items()}
        self.explanations: dict[str, Callable[[Any], str]] = {}
        self.finishes = {verb: arrow.finish for verb, arrow in moves.items()}

    def contribute_to_class(self, model: type[models.Model], name: str) -> None:
        """Called by Django when the model class is made."""
        if not model._meta.abstract:
            self.model = model
        setattr(model, name, self)

    def permission(self, verb: str) -> str:
        """The right that a verb asks for, e.g. `payables.submit_bill`."""
        meta = self.model._meta
        return f"{meta.app_label}.{verb}_{meta.model_name}"

    def label(self, verb: str) -> str:
        """What the button says."""
        return str(self.moves[verb].label or capfirst(verb.replace("_", " ")))

    def verb(self, function: Callable[Concatenate[D, P], Any]) -> Callable[Concatenate[D, P], D]:
        """Bind a function to the move of its name; callers get lock, right, state, audit and events with it."""
        name = function.__name__
        if name not in self.moves:
            raise LookupError(f"{self.model.__name__} has no move named {name}.")
        if name in self.functions:
            raise LookupError(f"{self.model.__name__}.{name} is bound twice.")
        self.functions[name] = function

        @functools.wraps(function)
        def act(document: D, *args: P.args, **details: P.kwargs) -> D:
            return self.perform(document, name, *args, **details)  # type: ignore[arg-type]

        return act

    def guard(self, *verbs: str) -> Callable[[Guard], Guard]:
        """A further reason why these verbs may be closed: `guard(document, user)` returns it or None."""

        def keep(function: Guard) -> Guard:
            for verb in verbs:
                self.guards[verb].append(function)
            return function

        return keep

    def explaining(self, verb: str) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
        """Say better than "it is draft" why a verb is not open in this state; an empty text leaves that."""
        return functools.partial(_keep, self.explanations, verb)

    def preparing(self, verb: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Bind the locks of a move from the verb's module, where the model cannot name them."""
        return functools.partial(_keep, self.prepares, verb)

    def finishing(self, verb: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Bind the last write of a move from the verb's module."""
        return functools.partial(_keep, self.finishes, verb)

    def at_hand(self, pk: Any) -> Any | None:
        """The instance on which a verb works at this moment in this thread, so that listeners need not read it again."""
        return (_at_hand.get() or {}).get((self.model, pk))

    def open_to(self, document: models.Model, user: Any) -> list[str]:
        """The verbs that this user may perform on this document now."""
        return [v for v, m in self.moves.items() if not m.system and self.why_not(document, user, v) is None]

    def why_not(self, document: Any, user: Any, verb: str) -> Exception | None:
        """The one answer that verb, button, endpoint and tests share: None, or the reason.

        `PermissionDenied` means "not you, whatever the state"; `Refused` means "not now".
        """
        arrow = self.moves[verb]
        if not arrow.system and (denied := authority.only.refusal(user, self.permission(verb), document)):
            return denied
        if document.state not in arrow.sources:
            words = self.explanations[verb](document) if verb in self.explanations else ""
            return Refused(
                words
                or _("“%(verb)s” is not open: %(document)s is %(state)s.")
                % {
                    "document": document,
                    "state": document.get_state_display().lower(),
                    "verb": self.label(verb),
                },
                code="state",
            )
        if (clash := self._duties(document, user, verb)) is not None:
            return clash
        return next((reason for guard in self.guards[verb] if (reason := guard(document, user))), None)

    def _duties(self, document: Any, user: Any, verb: str) -> DutyConflict | None:
        held = [name for name in self.moves[verb].apart if user.pk and getattr(document, f"{name}_id") == user.pk]
        if not held or authority.only.override(user, document, verb):
            return None
        duty = str(document._meta.get_field(held[0]).verbose_name)  # "entered by", or "requester"
        words = (
            _("%(duty)s you, so somebody else must %(verb)s.")
            if duty.endswith(" by")
            else _("You are the %(duty)s, so somebody else must %(verb)s.")
        ) % {"duty": duty, "verb": self.label(verb).lower()}
        return DutyConflict(words[:1].upper() + words[1:])

    def perform(self, document: D, verb: str, *, by: Any, version: int | None = None, **details: Any) -> D:
        """Perform a verb in one transaction; the caller's instance shows the outcome.

        Locks what stands above the document, then the document; asks `why_not`; runs the body;
        writes state and audit; and lets `finish` make the last write (number and entry), so that
        the hot counter row is held as short as possible.

        Raises `Refused`, `Conflict` (the version the caller saw is gone), `PermissionDenied`.
        """
        arrow = self.moves[verb]
        before = dict(document.__dict__)
        try:
            with transaction.atomic():
                if prepare := self.prepares[verb]:
                    prepare(document, by=by, **details)
                with _locked(document, by):
                    if version is not None and version != document.version:  # type: ignore[attr-defined]
                        raise Conflict(_("%(document)s changed after you opened it.") % {"document": document})
                    if reason := self.why_not(document, by, verb):
                        raise reason
                    self.functions[verb](document, by=by, **details)
                    self._settle(document, arrow)
                    recorder.only(document, verb, by, details)
                    if finish := self.finishes[verb]:
                        finish(document, by=by)
        except IntegrityError as error:
            _restore(document, before)
            raise kindly(error) from error
        except (Refused, PermissionDenied):
            _restore(document, before)
            raise
        return document

    def _settle(self, document: Any, arrow: Move) -> None:
        if arrow.target is None and not unsaved(document):
            return  # a verb that leaves a final row as it is, such as a reversal, must not write it
        if arrow.target is not None:
            document.state = arrow.target
        if hasattr(document, "version"):
            document.version += 1
        document.save()


def _keep(table: dict[str, Any], verb: str, function: F) -> F:
    table[verb] = function
    return function


def held(document: models.Model, key: str, read: Callable[[], T]) -> T:
    """What `read` answers: once while a verb holds the document locked or a page draws it, else anew each time.

    For what changes under the document's lock only, such as its lines; a verb that changes it itself calls `reread`.
    """
    kept = document.__dict__.get("_held")
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found


def is_held(document: models.Model) -> bool:
    """Whether a verb holds this instance locked at this moment, or a page draws it."""
    return "_held" in document.__dict__


@contextmanager
def drawn(document: models.Model) -> Iterator[None]:
    """While a page is drawn nothing is written: its parts share what `held` reads of this instance."""
    if is_held(document):
        yield
        return
    document.__dict__["_held"] = {}
    try:
        yield
    finally:
        document.__dict__.pop("_held", None)


def once_a_page(document: models.Model, key: str, read: Callable[[], T]) -> T:
    """What `read` answers: once while a page draws the document; verbs, which may change it, read anew each time."""
    return read() if "_holder" in document.__dict__ else held(document, key, read)


def reread(document: models.Model, *keys: str) -> None:
    """Read this again when it is asked for next (see `held`)."""
    for key in keys:
        document.__dict__.get("_held", {}).pop(key, None)


@contextmanager
def _locked(document: models.Model, by: Any) -> Iterator[None]:
    """Hold the row until the verb ends; a verb that is called by a verb of the same document finds it locked."""
    if changed := unsaved(document):
        raise ValueError(f"{document!r} has unsaved changes in {', '.join(sorted(changed))}: save it first.")
    hands = dict(_at_hand.get() or {})
    key = (type(document), document.pk)
    if hands.get(key) is document and document.__dict__.get("_holder") == by.pk:
        yield
        return
    _lock_and_refresh(document, by)
    token = _at_hand.set({**hands, key: document})
    outer = {name: document.__dict__.get(name) for name in ("_held", "_holder")}
    document.__dict__.update(_held={}, _holder=by.pk)
    try:
        yield
    finally:
        _at_hand.reset(token)
        for name, value in outer.items():
            if value is None:
                document.__dict__.pop(name, None)
            else:
                document.__dict__[name] = value


def _lock_and_refresh(document: models.Model, by: Any) -> None:
    """Lock the row and bring the caller's instance up to date."""
    model = type(document)
    actor = models.Func(
        models.Value("backoffice.actor"),
        models.Value(str(by.pk or "")),
        models.Value(value=True),
        function="set_config",
        output_field=models.TextField(),
    )
    fresh = model._base_manager.annotate(_acting=actor).select_for_update(of=("self",)).get(pk=document.pk)
    for each in model._meta.concrete_fields:
        value = fresh.__dict__.get(each.attname)
        if each.is_relation and document.__dict__.get(each.attname) != value:
            document._state.fields_cache.pop(each.name, None)
        document.__dict__[each.attname] = value
    document._loaded = dict(fresh._loaded)  # type: ignore[attr-defined]


def unsaved(document: Any) -> set[str]:
    """Names of fields whose values differ from what was read from the database."""
    loaded = getattr(document, "_loaded", None)
    if loaded is None:
        return set() if document.pk else {"everything"}
    return {name for name, value in loaded.items() if document.__dict__.get(name, value) != value}


def _restore(document: models.Model, before: dict[str, Any]) -> None:
    document.__dict__.update(before)
    document.__dict__.get("_held", {}).clear()  # what was read may have been undone


def kindly(error: IntegrityError) -> Exception:
    """A guard of the database spoke: its own words are written for people, other errors stay as they are."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None and diagnosis.sqlstate == "P0001":
        return Refused(diagnosis.message_primary, code="database")
    if diagnosis is not None and (diagnosis.message_hint or "").startswith("refused:"):
        return Refused(diagnosis.message_primary, code=diagnosis.message_hint.removeprefix("refused:"))
    return error


class Flowing(models.Model):
    """A model whose instances move by a flow: remembers what was loaded so that nothing unsaved is lost."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        instance = super().from_db(*args, **kwargs)
        instance._remember()
        return instance

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self._remember()

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        if not args and kwargs.get("fields") is None:
            self._remember()

    def _remember(self) -> None:
        names = {f.attname for f in self._meta.concrete_fields}
        self._loaded = {name: value for name, value in self.__dict__.items() if name in names}


class StateField(models.CharField):
    """The state of a document: short, moved by verbs only; what is searched by it has a partial index."""

    def __init__(self, choices: Any = None, **options: Any) -> None:
        options.setdefault("max_length", 16)
        options.setdefault("editable", False)
        options.setdefault("verbose_name", _("state"))
        super().__init__(choices=getattr(choices, "choices", choices), **options)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        flow = getattr(cls, "flow", None)
        if flow is not None and not self.has_default():
            self.default = flow.start


def flows() -> list[Flow]:
    """The flows of all installed models, in the order of their labels."""
    from django.apps import apps

    named = (getattr(model, "flow", None) for model in apps.get_models())
    return sorted((flow for flow in named if isinstance(flow, Flow)), key=lambda flow: flow.model._meta.label)
