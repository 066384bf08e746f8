"""Approvals: how many persons, who may, what exactly they approved.

Words: approval rule, approval request, decision. The documents keep their own flows; they ask here
how many approvals a matter needs and tell here what was decided.
"""
