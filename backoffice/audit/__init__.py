"""Who did what when: acts written by verbs, changes written by the database itself.

Words: act, change.
"""
