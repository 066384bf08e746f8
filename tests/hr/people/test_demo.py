from datetime import date

from backoffice.access import demo as users
from backoffice.core.sample import World
from backoffice.organisation import demo as companies
from hr.people import demo, importing, queries
from hr.people.models import Employment, PayRate, PersonBankAccount
from tests.fixtures_world import TODAY


def test_the_sample_has_428_employees_in_november_with_pay_for_every_day_since_april(db, django_assert_max_num_queries):
    world = World(today=TODAY, scale=1, say=lambda words: None)
    companies.load(world)
    users.load(world)

    with django_assert_max_num_queries(700):
        demo.load(world)

    november = queries.employed(world.company, date(2026, 11, 1), date(2026, 11, 30))
    assert november.count() == 428
    assert november.get(number="E-0077").ends_on == date(2026, 11, 13)
    assert november.get(number="E-0102").person.user == world.people["marcus"]
    april = queries.employed(world.company, date(2026, 4, 1), TODAY)
    for employment in april.prefetch_related("pay_rates"):
        rates = [r for r in employment.pay_rates.all() if r.state == PayRate.State.APPROVED]
        first = max(employment.starts_on, date(2026, 4, 1))
        assert sum(rate.holds(first) for rate in rates) == 1 or employment.number == "E-0449", employment
    assert PersonBankAccount.objects.exclude(state="confirmed").get().person.last_name == "Lis"
    assert PayRate.objects.filter(state="proposed").get().employment.number == "E-0427"

    again = importing.read("employees.csv", demo.employees_csv(demo.Random(4287), TODAY).encode())
    judged = importing.plan(world.company, again, by=world.people["grace"], today=TODAY)
    assert (judged.known, judged.starters) == (448, [])
    assert Employment.objects.count() == 449
