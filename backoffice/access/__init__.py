"""Who may do what: users, roles with company and department scope, overrides of duties kept apart.

Words: user, role, role assignment, scope, duty, override.
"""
