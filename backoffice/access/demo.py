"""The people of Calder & Wren who can sign in to the demo."""

from decimal import Decimal

from backoffice.access.models import Role, RoleAssignment, User
from backoffice.core.sample import World, password

DOMAIN = "calderwren.example"
# key, name, job title, roles, department, approves up to
PEOPLE = [
    ("tom", "Tom Ashworth", "Accounts-payable clerk", "ap-clerk", "", None),
    ("hannah", "Hannah Reid", "Payroll and second clerk", "ap-clerk payroll-clerk", "", None),
    ("priya", "Priya Nair", "Finance manager", "finance-manager", "", Decimal(25_000)),
    ("grace", "Grace Okafor", "Finance director", "finance-director", "", None),
    ("marcus", "Marcus Bell", "Warehouse department head", "department-head", "WH", Decimal(5_000)),
    ("bilal", "Bilal Chaudhry", "Auditor", "auditor", "", None),
    ("fiona", "Fiona Marsh", "HR officer", "hr-officer", "", None),
    ("rosa", "Rosa Lind", "Buyer", "buyer", "", None),
    ("imran", "Imran Sadiq", "Storekeeper", "storekeeper", "", None),
    ("ben", "Ben Carlisle", "IT support engineer", "it-agent", "", None),
    ("owen", "Owen Hughes", "Dispatch supervisor", "", "", None),
    ("ada", "Ada Quinn", "Administrator", "administrator", "", None),
]


def load(world: World) -> None:
    """Users, each with standard roles in the company."""
    roles = {role.key: role for role in Role.objects.all()}
    for key, name, title, held, department, limit in PEOPLE:
        email = _email(name)
        user = User.objects.create_user(email, password(email), name=name, job_title=title, is_staff=key == "ada")
        world.people[key] = user
        # Whoever reads only, or keeps the house, asks for nothing and reports nothing.
        everyones = "" if held in {"auditor", "administrator"} else "member "
        for role in f"{everyones}{held}".split():
            RoleAssignment.objects.create(
                user=user,
                role=roles[role],
                company=world.company,
                department=world.things[f"department {department}"] if department and role != "member" else None,
                approval_limit=limit,
            )


def is_loaded() -> bool:
    """Whether the sample's people are there."""
    return User.objects.filter(email=_email(PEOPLE[0][1])).exists()


def sign_ins() -> str:
    """Who can sign in, with their passwords, as the demo prints them."""
    lines = ["Sign in as (all passwords are of this installation only):"]
    for _key, name, title, *_rest in PEOPLE:
        email = _email(name)
        if User.objects.filter(email=email).exists():
            lines.append(f"  {email:36} {password(email):16} {title}")
    return "\n".join(lines)


def _email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"
