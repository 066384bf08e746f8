"""What this app gives to the standard roles."""

from backoffice.access.roles import grant

grant(
    "it-agent",
    by="servicedesk",
    rights="",
    name="IT agent",
    description="Answers and resolves incidents, keeps equipment and hands it over.",
)
