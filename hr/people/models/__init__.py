"""Persons, their employments, and what holds from which day: assignments and pay rates.

A person is who somebody is; an employment is the contract with the company; an assignment says what
the person does in it. Assignments and pay rates are rows with dates: a change is a new row, the row
before ends where the new one begins, and the database refuses two that hold on one day.
"""

from hr.people.models.days import Dated, Days, Whole
from hr.people.models.employments import Assignment, Employment
from hr.people.models.pay import PayRate
from hr.people.models.persons import Person, PersonBankAccount, PrivateDetails

__all__ = [
    "Assignment",
    "Dated",
    "Days",
    "Employment",
    "PayRate",
    "Person",
    "PersonBankAccount",
    "PrivateDetails",
    "Whole",
]
