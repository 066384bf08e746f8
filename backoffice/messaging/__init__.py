"""Messaging: notices to colleagues and mail to anyone, written in the transaction that causes them.

Words: notice, outgoing mail, outbox.
"""
