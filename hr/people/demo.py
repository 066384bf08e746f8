"""The people of Calder & Wren: 448 persons on record, 428 of them employed this month, brought in by a CSV file."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from backoffice.access.models import Role, RoleAssignment
from backoffice.audit.models import Act
from backoffice.core.sample import World
from backoffice.workflow.models import ApprovalRequest, Decision
from hr.people import changing, hiring, importing, leaving, pay
from hr.people.models import Employment, PayRate, Person, PersonBankAccount
from hr.people.sample_names import FIRST, LAST, STREETS, TOWNS

EMPLOYED, LEFT_BEFORE = 428, 20
# number, name, job, department, cost centre, manager, pay, key of the sign-in
NAMED = [
    (1, "Eleanor Calder", "Managing director", "FIN", "HO", 0, 118_000, ""),
    (2, "Grace Okafor", "Finance director", "FIN", "HO", 1, 92_000, "grace"),
    (3, "Priya Nair", "Finance manager", "FIN", "HO", 2, 61_500, "priya"),
    (4, "Tom Ashworth", "Accounts-payable clerk", "FIN", "HO", 3, 27_900, "tom"),
    (5, "Hannah Reid", "Payroll clerk", "FIN", "HO", 3, 29_400, "hannah"),
    (6, "Fiona Marsh", "HR officer", "FIN", "HO", 2, 34_200, "fiona"),
    (7, "Rosa Lind", "Buyer", "FIN", "HO", 2, 33_800, "rosa"),
    (8, "Ben Carlisle", "IT support engineer", "IT", "IT", 9, 34_600, "ben"),
    (9, "Ada Quinn", "Systems administrator", "IT", "IT", 1, 47_300, "ada"),
    (10, "Helen Rourke", "Head of sales and marketing", "SALES", "TRADE", 1, 68_400, ""),
    (11, "Gareth Pugh", "Transport manager", "TRAN", "FLEET", 1, 52_700, ""),
    (12, "Imran Sadiq", "Storekeeper", "WH", "LEEDS", 102, 27_300, "imran"),
    (13, "Owen Hughes", "Dispatch supervisor", "WH", "LEEDS", 102, 31_250, "owen"),
    (77, "Peter Whitlock", "Warehouse operative", "WH", "BRIS", 102, 41_900, ""),
    (102, "Marcus Bell", "Head of warehouse", "WH", "LEEDS", 1, 54_100, "marcus"),
    (255, "Aisha Rahman", "Customer service adviser", "SALES", "WEB", 10, 25_150, ""),
    (318, "Daniel Osei", "Picker", "WH", "LEEDS", 13, 26_400, ""),
    (390, "Ewa Nowak", "Web content editor", "SALES", "WEB", 10, 28_600, ""),
    (427, "Katarzyna Lis", "Driver", "TRAN", "FLEET", 11, 30_150, ""),
]
# job, department, cost centre, manager, lowest and highest pay, hours a week, how often
JOBS = [
    ("Warehouse operative", "WH", "LEEDS", 13, 25_000, 27_500, "37.5", 30),
    ("Warehouse operative", "WH", "BRIS", 102, 25_000, 27_500, "37.5", 15),
    ("Picker", "WH", "LEEDS", 13, 25_000, 26_800, "37.5", 14),
    ("Forklift driver", "WH", "LEEDS", 102, 26_200, 29_400, "40", 8),
    ("Driver", "TRAN", "FLEET", 11, 28_500, 33_900, "42", 16),
    ("Workshop mechanic", "TRAN", "FLEET", 11, 31_000, 36_500, "40", 2),
    ("Account manager", "SALES", "TRADE", 10, 31_500, 46_000, "37.5", 8),
    ("Customer service adviser", "SALES", "WEB", 10, 25_000, 28_200, "37.5", 9),
    ("Merchandiser", "SALES", "WEB", 10, 27_400, 34_000, "37.5", 4),
    ("Accounts assistant", "FIN", "HO", 3, 25_600, 29_800, "37.5", 4),
    ("Developer", "IT", "IT", 9, 41_000, 58_000, "37.5", 2),
]
PART_TIME = [("1", 17), ("0.8", 2), ("0.6", 1)]


def load(world: World) -> None:
    """Everybody by the file, then two years of what happened to them."""
    random, today = Random(4287), world.today  # noqa: S311 (a sample, not a secret)
    clerk, director, officer = (world.people[key] for key in ("hannah", "grace", "fiona"))
    helping = _let_import(world, clerk)
    rows = importing.read("employees.csv", employees_csv(random, today).encode())
    judged = importing.plan(world.company, rows, by=clerk, today=today)
    made = importing.bring(world.company, judged, by=clerk)
    helping.delete()
    clerk.__dict__.pop("_grants", None)
    _confirm_bank_accounts(world.company, director)
    _raise_pay(world.company, today, clerk, director)
    _let_some_leave(made[EMPLOYED:], today)
    _link_sign_ins(world)
    people = {each.number: each for each in Employment.objects.filter(company=world.company).select_related("company")}
    _what_happened(world, people, officer, clerk, director)
    world.things.update({f"employment {number}": employment for number, employment in people.items()})


def employees_csv(random: Random, today: date) -> str:
    """The file: one line an employee, always the same for a seed."""
    written = io.StringIO()
    rows = csv.DictWriter(written, importing.COLUMNS)
    rows.writeheader()
    rows.writerows(_rows(random, today))
    return written.getvalue()


def _rows(random: Random, today: date) -> Iterator[dict[str, Any]]:
    named = {row[0]: row for row in NAMED}
    names = [f"{first}|{last}" for last in LAST.split() for first in FIRST.split()]
    random.shuffle(names)
    for number in range(1, EMPLOYED + LEFT_BEFORE + 1):
        starts_on = _start(random, number, today)
        if number in named:
            _no, name, job, department, centre, manager, amount, _key = named[number]
            first, last = name.split(" ", 1)
            hours, fte = "37.5", "1"
        else:
            first, last = names[number].split("|")
            job, department, centre, manager, low, high, hours, _n = _chosen(random, JOBS)
            fte, _n = _chosen(random, PART_TIME)
            amount = int(Decimal(random.randrange(low, high, 50)) * Decimal(fte))
            hours = format((Decimal(hours) * Decimal(fte)).normalize(), "f")
        is_hourly = number not in named and department in ("WH", "TRAN") and number % 3 == 0
        pay_from = max(starts_on, date(today.year - 2, 4, 1))
        yield {
            "number": f"E-{number:04d}",
            "first_names": first,
            "last_name": last,
            "starts_on": starts_on,
            "job_title": job,
            "department": department,
            "cost_centre": centre,
            "manager": f"E-{manager:04d}" if manager else "",
            "grade": f"G{1 + min(amount // 12_000, 8)}",
            "weekly_hours": hours,
            "fte": fte,
            "pay": _hourly(amount, hours) if is_hourly else _before_rises(amount, pay_from, today),
            "pay_basis": "hourly" if is_hourly else "annual",
            "pay_from": pay_from,
            **_private(random, number, first, last, starts_on),
        }


def _chosen(random: Random, table: list[Any]) -> Any:
    return random.choices(table, [row[-1] for row in table])[0]


def _start(random: Random, number: int, today: date) -> date:
    """Low numbers came long ago; the last sixty within two years, some of them this year."""
    if number <= EMPLOYED - 60:
        years = 2 + (EMPLOYED - number) * 14 / EMPLOYED
        on = today - timedelta(days=int(years * 365.25) + random.randrange(25))
    elif number <= EMPLOYED:
        on = today - timedelta(days=22 + (EMPLOYED - number) * 12)
    else:
        on = today - timedelta(days=900 + random.randrange(1500))
    return on + timedelta(days=(7 - on.weekday()) % 7)  # people start on Mondays


def _before_rises(amount: int, pay_from: date, today: date) -> Decimal:
    """What somebody had before the rises of April since then, so that today they have the amount."""
    value = Decimal(amount)
    for year, percent in RISES:
        if pay_from < date(today.year + year, 4, 1):
            value /= 1 + percent / 100
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def _hourly(amount: int, hours: str) -> Decimal:
    return max((Decimal(amount) / 52 / Decimal(hours)).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal("12.71"))


RISES = [(-1, Decimal("3.0")), (0, Decimal("3.4"))]  # in April of last and of this year, in percent


def _private(random: Random, number: int, first: str, last: str, starts_on: date) -> dict[str, Any]:
    town, area, country = random.choices(TOWNS, [row[3] for row in TOWNS])[0][:3]
    born = starts_on - timedelta(days=random.randrange(18 * 366, 52 * 365))
    account = f"{random.randrange(10**8):08d}"
    return {
        "born_on": max(born, date(1961, 2, 1)),
        "national_insurance_number": f"{random.choice('ABCEHJLMPRST')}{random.choice('ABCEHJLMPRWX')}{200_000 + number * 977:06d}"
        + random.choice("ABCD"),
        "email": f"{first}.{last}{number}@mail.example".lower().replace(" ", "").replace("'", ""),
        "phone": f"07700 900{number % 1000:03d}",
        "street": f"{random.randrange(1, 180)} {random.choice(STREETS)}",
        "postcode": f"{area}{random.randrange(1, 20)} {random.randrange(1, 10)}{random.choice('ABDEFGHJ')}{random.choice('LNPQRSTU')}",
        "city": town,
        "country": country,
        "account_holder": f"{first} {last}",
        "iban": iban(f"BUKB{202_015 + number % 40:06d}{account}"),
    }


def iban(account: str) -> str:
    """A British IBAN around bank, sort code and account number; check digits by ISO 13616."""
    digits = "".join(str(int(sign, 36)) for sign in f"{account}GB00")
    return f"GB{98 - int(digits) % 97:02d}{account}"


def _let_import(world: World, clerk: Any) -> RoleAssignment:
    """The clerk who brings the file in is HR officer for that time: it tells people and pay."""
    role = Role.objects.get(key="hr-officer")
    clerk.__dict__.pop("_grants", None)
    return RoleAssignment.objects.create(user=clerk, role=role, company=world.company)


def _confirm_bank_accounts(company: Any, by: Any) -> None:
    """Everybody's but one: Katarzyna's still wait for a second person."""
    waiting = PersonBankAccount.objects.filter(company=company, state="entered").exclude(person__last_name="Lis")
    ids = list(waiting.values_list("pk", flat=True))
    waiting.update(state="confirmed", version=2)
    _acts(PersonBankAccount, ids, "confirm", by)


def _acts(model: Any, ids: list[int], verb: str, by: Any) -> None:
    kind = ContentType.objects.get_for_model(model)
    Act.objects.bulk_create([Act(content_type=kind, object_id=pk, verb=verb, by=by) for pk in ids])


def _raise_pay(company: Any, today: date, clerk: Any, director: Any) -> None:
    """Approve the rates of the file and the rises of each April, many at once."""
    first = list(PayRate.objects.filter(company=company).order_by("employment"))
    days = [(date(today.year + year, 4, 1), percent) for year, percent in RISES]
    rises = []
    for rate in first:
        held = rate
        for on, percent in days:
            if rate.valid_from < on:
                held.valid_to = on
                held = PayRate(
                    company=company,
                    employment_id=rate.employment_id,
                    valid_from=on,
                    amount=_risen(held, percent),
                    basis=rate.basis,
                    currency=rate.currency,
                    reason=f"Pay review of April {on.year}",
                    entered_by=clerk,
                    changed_by=clerk,
                )
                rises.append(held)
    PayRate.objects.bulk_update(first, ["valid_to"])
    pay.propose_all(rises, by=clerk)
    _approve_all(company, director)


def _risen(rate: PayRate, percent: Decimal) -> Decimal:
    unit = Decimal(1) if rate.basis == PayRate.Basis.ANNUAL else Decimal("0.01")
    return (rate.amount * (1 + percent / 100)).quantize(unit, ROUND_HALF_UP)


def _approve_all(company: Any, by: Any) -> None:
    kind = ContentType.objects.get_for_model(PayRate)
    waiting = list(ApprovalRequest.objects.filter(company=company, content_type=kind, state="open"))
    Decision.objects.bulk_create(
        [
            Decision(
                request=each, by=by, outcome=Decision.Outcome.APPROVED, version=each.version, digest=each.digest,
                within_limit=True, entered_by_id=each.entered_by_id, changed_by_id=each.changed_by_id,
            )
            for each in waiting
        ]
    )  # fmt: skip
    ApprovalRequest.objects.filter(pk__in=[r.pk for r in waiting]).update(state="granted", closed_at=timezone.now())
    ids = [each.object_id for each in waiting]
    PayRate.objects.filter(pk__in=ids).update(state=PayRate.State.APPROVED, version=2)
    _acts(PayRate, ids, "approve", by)


def _let_some_leave(leavers: list[Employment], today: date) -> None:
    """Those of the last lines left in the months before this one."""
    for number, employment in enumerate(leavers):
        last = today.replace(day=1) - timedelta(days=3 + number * 31)
        employment.ends_on = last
        employment.access_ends_at = employment.access_ended_at = leaving.usual_end(employment, last)
        employment.state, employment.notice_reason = Employment.State.LEFT, "Resigned"
    Employment.objects.bulk_update(leavers, ["ends_on", "access_ends_at", "access_ended_at", "state", "notice_reason"])


def _link_sign_ins(world: World) -> None:
    """Whoever can sign in sees the own record."""
    for number, *_rest, key in NAMED:
        if key and key in world.people:
            person = Person.objects.filter(company=world.company, employments__number=f"E-{number:04d}")
            Person.objects.filter(pk__in=person.values("pk")).update(user=world.people[key])


def _what_happened(world: World, people: dict[str, Employment], officer: Any, clerk: Any, director: Any) -> None:
    """A leaver, a starter, moves, a rise that lies ahead and one that waits for approval."""
    today = world.today
    peter, daniel, katarzyna = (people[f"E-{number:04d}"] for number in (77, 318, 427))
    last = today.replace(day=13) if today.day > 13 else today - timedelta(days=1)
    leaving.give_notice(peter, by=officer, last_day=last, why="New position elsewhere")
    leaving.leave(peter, by=officer)
    jobs = [
        (40, "Team leader"),
        (64, "Shift supervisor"),
        (120, "Team leader"),
        (171, "Senior driver"),
        (203, "Trainer"),
    ]
    for number, job in jobs:
        on = today.replace(day=1) - timedelta(days=number * 2)
        changing.change_assignment(people[f"E-{number:04d}"], by=officer, effective_from=on, job_title=job)
    ahead = date(today.year + 1, 1, 1)
    changing.change_assignment(daniel, by=officer, effective_from=ahead, job_title="Team leader, picking")
    rise = pay.propose_pay(daniel, effective_from=ahead, amount=Decimal(28_750), reason="Promotion", by=clerk)
    pay.approve(rise, by=director)
    soon = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    pay.propose_pay(katarzyna, effective_from=soon, amount=Decimal(31_400), reason="Class 1 licence", by=clerk)
    centre = world.things["cost centre IT"]
    starter = hiring.Starter(
        first_names="Sophie",
        last_name="Lindqvist",
        starts_on=soon,
        job_title="Data analyst",
        department=centre.department,
        cost_centre=centre,
        manager=people["E-0009"],
        grade="G4",
        private={"born_on": date(1998, 9, 14), "email": "sophie.lindqvist@mail.example", "city": "Leeds"},
    )
    made = hiring.hire(world.company, starter, by=officer)
    world.things[f"employment {made.number}"] = made
