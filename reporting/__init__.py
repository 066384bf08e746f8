"""Reporting: what a report, a measure and a dashboard are; the domains declare their own."""
