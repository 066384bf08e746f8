"""What this app gives to the standard roles."""

from backoffice.access.roles import grant

grant(
    "hr-officer",
    by="people",
    rights="",
    name="HR officer",
    description="Keeps persons, employments and assignments; sees pay only together with the payroll role.",
)
