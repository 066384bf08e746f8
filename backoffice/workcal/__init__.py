"""Working time: calendars of weekly hours, holidays and exceptions, and the arithmetic on them.

Words: calendar, span, exception, working minutes.
"""
