"""What this app gives to the standard roles."""

from backoffice.access.roles import grant

grant(
    "buyer",
    by="purchasing",
    rights="",
    name="Buyer",
    description="Turns requisitions into orders and looks after them until they are billed.",
)
