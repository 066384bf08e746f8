"""Who works here: persons, their employments and assignments, each with its dates.

Words: person, employment, assignment, starter, leaver.
"""
