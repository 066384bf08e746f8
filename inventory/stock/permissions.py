"""What this app gives to the standard roles."""

from backoffice.access.roles import grant

grant(
    "storekeeper",
    by="stock",
    rights="",
    name="Storekeeper",
    description="Receives, issues, moves and counts goods.",
)
