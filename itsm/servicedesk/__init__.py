"""Incidents from portal, mail and API, and the clocks that run on them.

Words: incident, message, internal note, service level, clock, segment.
"""
