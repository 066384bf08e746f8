"""Running one case: steps in order, checks in between, refusals where they are due."""

import inspect
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from backoffice.core.errors import Refused
from tests.conformance.cases import Unsupported, differences

REFUSALS = (Refused, ValidationError, PermissionDenied, IntegrityError, DataError)


class Adapter:
    """Maps the operations of one domain to what the product offers.

    `journal.post` is answered by the method `journal_post`, the check `account.balance` by `check_account_balance`.
    A method's parameters are the keys that it understands: any other key makes the case unsupported, with its name.
    """

    given_keys: frozenset = frozenset()

    def __init__(self, case):
        self.case = case
        self.given = case.get("given", {})
        self.refs = {}
        for key in self.given:
            if key not in self.given_keys:
                raise Unsupported(f"given {key}")

    def prepare(self):
        """Make company and masters before the first step."""

    def operation(self, step):
        options = {key: value for key, value in step.items() if key not in ("op", "must_fail", "may_fail")}
        return self._call(step["op"].replace(".", "_"), options, f"operation {step['op']}")

    def check(self, name, arguments):
        return self._call("check_" + name.replace(".", "_"), arguments, f"check {name}")

    def _call(self, method, options, words):
        function = getattr(self, method, None)
        if function is None:
            raise Unsupported(words)
        return called(function, options, words)

    def traces(self):
        """What a refused step must leave as it was."""
        return None


def called(function, options, words):
    """Call a function with the keys of a case; names that it does not know are unsupported."""
    known = inspect.signature(function).parameters
    named = {{"from": "from_", "is": "is_"}.get(key, key): value for key, value in options.items()}
    for key in named:
        if key not in known:
            raise Unsupported(f"{words}: key {key.rstrip('_')}")
    missing = [n for n, p in known.items() if p.default is p.empty and n not in named and p.kind is p.KEYWORD_ONLY]
    if missing:
        raise Unsupported(f"{words} without {', '.join(missing)}")
    return function(**named)


def run(case, adapters):
    """What is wrong with the product in this case, as sentences; raises `Unsupported`."""
    make = adapters.get(case["domain"])
    if make is None:
        raise Unsupported(f"domain {case['domain']}")
    adapter = make(case)
    adapter.prepare()
    tolerance = Decimal(str(case.get("tolerance", "0")))
    answers, wrong = [], []
    for done in range(len(case["steps"]) + 1):
        if done:
            answer, problem = _step(adapter, case["steps"][done - 1], done - 1)
            answers.append(answer)
            wrong += problem
            if problem:
                return wrong
        for expected in case["expect"]:
            if expected.get("after", len(case["steps"])) == done:
                wrong += _judge(adapter, expected, answers, tolerance)
    return wrong


def _step(adapter, step, place):
    before = adapter.traces()
    try:
        with transaction.atomic():
            answer = adapter.operation(step)
            with connection.cursor() as cursor:
                # guards that wait for the commit speak now, as they would at the end of a request
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except REFUSALS as refusal:
        if not (step.get("must_fail") or step.get("may_fail")):
            return None, [f"step {place} ({step['op']}) was refused: {refusal}"]
        if adapter.traces() != before:
            return None, [f"step {place} ({step['op']}) was refused and left a trace"]
        return {"refused": str(refusal)}, []
    if step.get("must_fail"):
        return answer, [f"step {place} ({step['op']}) was accepted, it has to be refused"]
    return answer, []


def _judge(adapter, expected, answers, tolerance):
    arguments = dict(expected.get("args", {}))
    if expected["check"] == "result":
        got = answers[arguments["of"]]
    else:
        got = adapter.check(expected["check"], arguments)
    own = expected.get("tolerance")
    words = differences(expected["is"], got, Decimal(str(own)) if own is not None else tolerance)
    return [f"{expected['check']} {arguments or ''}: {word}" for word in words]
