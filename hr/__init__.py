"""HR: people and what is owed to them, from recruitment to payroll."""
