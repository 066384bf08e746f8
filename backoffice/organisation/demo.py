"""Calder & Wren Ltd of Leeds: a wholesaler of home and kitchen ware."""

from backoffice.core.sample import World
from backoffice.organisation.models import Company, CostCentre, Department

DEPARTMENTS = [
    ("FIN", "Finance", [("HO", "Head office")]),
    ("WH", "Warehouse", [("LEEDS", "Leeds warehouse"), ("BRIS", "Bristol warehouse")]),
    ("SALES", "Sales and marketing", [("TRADE", "Trade sales"), ("WEB", "Web shop")]),
    ("IT", "IT and systems", [("IT", "IT services")]),
    ("TRAN", "Transport", [("FLEET", "Vehicle fleet")]),
]


def load(world: World) -> None:
    """The company with its departments and cost centres."""
    world.company = Company.objects.create(
        name="Calder & Wren Ltd",
        short_name="Calder & Wren",
        country="GB",
        currency="GBP",
        vat_number="GB293847549",
        registration_number="04718829",
        street="4 Wharf Street",
        postcode="LS2 7EQ",
        city="Leeds",
    )
    for code, name, centres in DEPARTMENTS:
        department = Department.objects.create(company=world.company, code=code, name=name)
        world.things[f"department {code}"] = department
        for centre, words in centres:
            world.things[f"cost centre {centre}"] = CostCentre.objects.create(
                company=world.company, department=department, code=centre, name=words
            )
