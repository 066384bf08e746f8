"""One address book of the organisations and persons that companies deal with.

Words: party, bank account of a party. Customer, supplier and employee are roles that upper apps keep.
"""
