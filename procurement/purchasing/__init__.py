"""From the request to the matched bill: requisitions, orders, three-way match, goods received not invoiced.

Words: requisition, purchase order, match, tolerance.
"""
