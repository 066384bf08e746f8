"""Formulas of a company's own elements: arithmetic over names, read as a tree and never evaluated as Python."""

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

LONGEST, DEEPEST = 200, 100
OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "round": lambda x, n=0: round(x, int(n)),
}


class Unreadable(ValueError):
    """The formula says something that formulas cannot say, or names something that is not there."""


def names_in(text: str) -> set[str]:
    """The names that a formula reads. Raises `Unreadable`."""
    tree = _tree(text)
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - called


def value(text: str, names: Mapping[str, Decimal]) -> Decimal:
    """What a formula comes to, exact Decimal arithmetic. Raises `Unreadable`."""
    try:
        return Decimal(_value(_tree(text).body, names))
    except (DivisionByZero, InvalidOperation, TypeError, OverflowError) as error:
        raise Unreadable(f"{text}: {error or 'cannot be worked out'}") from None


def _tree(text: str) -> ast.Expression:
    if len(text) > LONGEST:
        raise Unreadable("The formula is too long.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        raise Unreadable(f"{text} is not a formula.") from None
    if sum(1 for _node in ast.walk(tree)) > DEEPEST:
        raise Unreadable("The formula has too many parts.")
    return tree


def _value(node: ast.AST, names: Mapping[str, Decimal]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Decimal(str(number))  # as it was written: 0.1 is a tenth
        case ast.Name(id=name):
            if name not in names:
                raise Unreadable(f"{name} is not known.")
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.IfExp(test=test, body=yes, orelse=no):
            return _value(yes if _value(test, names) else no, names)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_value(each, names) for each in arguments))
    raise Unreadable(f"{ast.unparse(node)} is not allowed in a formula.")
