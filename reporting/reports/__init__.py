"""Reports: what a report is, how it is made for a person, kept, scheduled and mailed.

Words: report, parameter, sheet, run, pack, schedule, delivery.
"""
