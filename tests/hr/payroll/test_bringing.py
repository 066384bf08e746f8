from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from backoffice.core.errors import Refused
from hr.payroll import booking, bringing, gathering
from hr.payroll.forms import NI_LETTERS
from hr.payroll.models import Payslip, TaxDetails, YearToDate
from hr.payroll.uk import insurance
from tests.factories_payroll import a_run, calculated, posted, staff
from tests.fixtures_world import a_user

pytestmark = pytest.mark.django_db
D = Decimal
# seven months of 3,000.00: what form P45 of a former employer would say
SEVEN = {"taxable": D("21000.00"), "tax": D("2732.00")}


def brought(person, clerk, **figures):
    given = figures or SEVEN
    bringing.bring_forward(person, tax_year="2026-27", figures=given, source="P45", by=clerk)


def codes_of(run, person):
    return [flag["code"] for flag in Payslip.objects.get(run=run, employment=person).flags]


def tax_of(run, person):
    return Payslip.objects.get(run=run, employment=person).lines.get(code="tax").amount


def test_a_first_run_in_the_middle_of_the_year_points_out_that_nothing_is_known_before(company, clerk):
    (person,) = staff(company, 1, by=clerk)
    run = a_run(company, clerk)
    assert tax_of(run, person) == 0  # eight months are free for one month's pay
    assert "no_year_so_far" in codes_of(run, person)

    brought(person, clerk)
    assert gathering.stale(run) == [person.pk]
    calculated(run, clerk)

    assert "no_year_so_far" not in codes_of(run, person)
    # 24,000 to date, 15,613 of it taxable at 20 %: 3,122.60, of which 2,732.00 were taken
    assert tax_of(run, person) == D("390.60")


@pytest.mark.parametrize("code", ["1257L M1", "BR", "NT"])
def test_a_code_that_does_not_look_back_asks_for_no_figures(company, clerk, code):
    (person,) = staff(company, 1, by=clerk, tax_code=code)
    assert "no_year_so_far" not in codes_of(a_run(company, clerk), person)


def test_the_second_month_knows_the_first(company, clerk, director):
    (person,) = staff(company, 1, by=clerk)
    posted(a_run(company, clerk, month=10), clerk, director)
    assert "no_year_so_far" not in codes_of(a_run(company, clerk), person)


def test_a_month_that_was_taken_back_is_not_a_past(company, clerk, director):
    (person,) = staff(company, 1, by=clerk)
    first = posted(a_run(company, clerk), clerk, director)
    booking.reverse(first, by=clerk, reason="October was missing")
    assert "no_year_so_far" in codes_of(a_run(company, clerk), person)


def test_what_is_said_later_takes_the_place_of_what_was_said_before(company, clerk):
    (person,) = staff(company, 1, by=clerk)
    brought(person, clerk, taxable=D(900), gross=D(900))
    brought(person, clerk, taxable=D(1000), tax=D(20))
    kept = dict(YearToDate.objects.filter(employment=person, run=None).values_list("code", "amount"))
    assert kept == {"taxable": D(1000), "tax": D(20)}


def test_impossible_figures_and_people_without_the_right_are_refused(company, clerk):
    (person,) = staff(company, 1, by=clerk)
    for wrong in ({"taxable": D(-1)}, {"taxable": D(10), "tax": D(11)}, {"bonus": D(1)}):
        with pytest.raises(Refused):
            brought(person, clerk, **wrong)
    with pytest.raises(PermissionDenied):
        brought(person, a_user("Owen Plain", "people.view_employment", company=company))
    assert not YearToDate.objects.exists()


def test_the_clerk_types_the_figures_from_the_employees_page(company, clerk, client):
    (person,) = staff(company, 1, by=clerk)
    client.force_login(clerk)
    page = client.get(person.get_absolute_url()).content.decode()
    assert "tax is reckoned as if nothing was paid" in page
    address = f"/payroll/brought-forward/of/{person.pk}/"
    assert address in page

    sent = {"tax_year": "2026-27", "source": "P45", "taxable": "21,000", "tax": "22k"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "More tax than taxable pay" in refused.content.decode()
    assert client.post(address, {**sent, "tax": "2,732"}).status_code == 302
    assert 'value="21,000.00"' in client.get(address).content.decode()
    assert "21,000.00" in client.get(person.get_absolute_url()).content.decode()
    assert TaxDetails.objects.count() == 1


def test_a_run_names_the_gravest_of_what_it_noticed_and_offers_what_puts_the_rest_right(company, clerk, client):
    (person,) = staff(company, 1, by=clerk, amount="20000")
    run = a_run(company, clerk)
    assert codes_of(run, person)[0] == "no_year_so_far" and "minimum_wage" in codes_of(run, person)
    client.force_login(clerk)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "Below minimum wage" in page and "Nothing known of the tax year before" not in page
    assert f"/payroll/brought-forward/of/{person.pk}/" in page


def test_the_form_says_what_the_letters_of_national_insurance_mean(company, clerk, client):
    (person,) = staff(company, 1, by=clerk)
    client.force_login(clerk)
    page = client.get(f"/payroll/tax/of/{person.pk}/").content.decode()
    assert "C: over State Pension age" in page
    assert list(NI_LETTERS) == list(insurance.CATEGORIES)
