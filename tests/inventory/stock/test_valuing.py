"""The cost rule against a full replay of history: the same stock value, nothing lost (operations B0.15)."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.stock import valuing
from inventory.stock.valuing import AVERAGE, FIFO, State

ZERO, CENT = Decimal(0), Decimal("0.01")
quantities = st.integers(1, 20).map(Decimal)
prices = st.integers(1, 5000).map(lambda cents: Decimal(cents) / 100)
deltas = st.integers(-500, 500).map(lambda cents: Decimal(cents) / 100)
events = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), quantities, prices),
        st.tuples(st.just("issue"), quantities, st.just(ZERO)),
        st.tuples(st.just("late"), st.integers(0, 30).map(Decimal), deltas),
    ),
    min_size=1,
    max_size=40,
)


def played(method, history):
    """Live through a history; what is held, what all issues cost with what was learnt later, and the receipts."""
    state = State(1, method, ZERO)
    layers, takes, receipts, spent = {}, [], [], ZERO
    for kind, amount, price in history:
        if kind == "receive":
            valued = valuing.come_in(state, amount, price, len(layers) + 1, 2)
            layers[valued.layer.key] = valued.layer
            receipts.append(["receive", amount, valued.cost])
        elif kind == "issue":
            some = min(amount, state.quantity)
            if some:
                valued = valuing.go_out(state, some, 2)
                takes += [("shop", take) for take in valued.takes]
                spent -= valued.amount
                receipts.append(["issue", some, ZERO])
        elif layers:
            layer = layers[int(amount) % len(layers) + 1]
            named = [t for t in takes if method == AVERAGE or t[1].layer == layer.key]
            later = [t for t in named if method == FIFO or t[1].kept_before <= layer.kept + 1e-12]
            late = valuing.learn(method, state, layer, later, price, 2)
            gone = price - late.stock
            state.value += late.stock
            if method == FIFO:
                layer.worth += late.stock
            spent += gone
            receipts[[i for i, r in enumerate(receipts) if r[0] == "receive"][layer.key - 1]][2] += price
    return state, spent, receipts


def replayed(method, history):
    """The same history with every cost known from the first day, in exact arithmetic."""
    layers, quantity, value, spent = [], ZERO, ZERO, ZERO
    for kind, amount, cost in history:
        if kind == "receive":
            layers.append([amount, cost])
            quantity, value = quantity + amount, value + cost
            continue
        if method == AVERAGE:
            taken = value * amount / quantity
        else:
            taken, rest = ZERO, amount
            while rest:
                layer = layers[0]
                some = min(rest, layer[0])
                part = layer[1] * some / layer[0]
                layer[0], layer[1], rest, taken = layer[0] - some, layer[1] - part, rest - some, taken + part
                if not layer[0]:
                    layers.pop(0)
        quantity, value, spent = quantity - amount, value - taken, spent + taken
    return quantity, value, spent


def agree(method, history):
    state, spent, known = played(method, history)
    quantity, value, cost = replayed(method, known)
    assert state.quantity == quantity
    room = CENT * (len(history) + 5)
    assert abs(state.value - value) <= room
    assert abs(spent - cost) <= room
    assert state.value + spent == sum((row[2] for row in known if row[0] == "receive"), ZERO), "not a penny is lost"
    if not quantity:
        assert state.value == 0


@settings(max_examples=300, deadline=None)
@given(events)
def test_first_in_first_out_with_late_costs_equals_a_full_replay(history):
    agree(FIFO, history)


@settings(max_examples=300, deadline=None)
@given(events)
def test_moving_average_with_late_costs_equals_a_full_replay(history):
    agree(AVERAGE, history)
