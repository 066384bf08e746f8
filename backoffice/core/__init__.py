"""The engine room: how documents move, how apps hook into each other, how money is rounded.

Words: flow, move, verb, slot, event, refusal.
"""
