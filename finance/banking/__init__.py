"""Our bank accounts and what leaves them: payment runs, released by a second person, exported once.

Words: bank account, payment run, payment.
"""
