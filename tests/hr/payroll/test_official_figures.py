"""Every figure that HMRC, gov.uk or an open official calculator prints, and those derived by the verified routine."""

from datetime import date
from decimal import Decimal

import pytest

from hr.payroll.engine.bands import bands, steps
from hr.payroll.engine.parameters import Book, Figure, Parameters
from hr.payroll.uk import figures, insurance, loans, paye, pensions, tax_codes, wages

D = Decimal
BOOK = Book(figures.shipped())
Y25, Y26 = BOOK.at(date(2025, 6, 1)), BOOK.at(date(2026, 6, 1))


def old_year(basic):
    """A year of two rates, as in the test data of HMRC for 2008-09 and 2009-10."""
    rows = {"paye.bands.rest": [[basic, "20"], ["", "40"]], "paye.limit_percent": "50"}
    return Parameters({code: Figure(code, date(2009, 4, 6), value, "HMRC") for code, value in rows.items()})


def to_date(code, number, of, pay, parameters):
    found = paye.due(
        tax_codes.read(code), pay=D(pay), pay_before=D(0), tax_before=D(0), number=number, of=of, parameters=parameters
    )
    return found


@pytest.mark.parametrize(
    ("code", "number", "of", "pay", "free", "taxable", "tax"),
    [
        ("510L", 8, 52, "2046.15", "786.08", "1260.07", "252.00"),
        ("510L", 29, 52, "3091.22", "2849.54", "241.68", "48.20"),
        ("560T", 3, 12, "2750.00", "1402.26", "1347.74", "269.40"),
        ("560T", 10, 12, "21287.75", "4674.20", "16613.55", "3322.60"),
        ("K255", 5, 12, "6023.66", "-1066.25", "7089.91", "1417.80"),
        ("K255", 8, 12, "32799.98", "-1706.00", "34505.98", "8815.33"),
    ],
)
def test_hmrc_test_data_of_2009_10(code, number, of, pay, free, taxable, tax):
    found = to_date(code, number, of, pay, old_year("37400"))

    assert found.free_to_date == D(free)
    assert D(pay) - found.free_to_date == D(taxable)
    assert found.to_date == D(tax)


def test_hmrc_sample_of_2008_09_with_a_new_code_in_the_second_month():
    year = old_year("34600")
    first = to_date("45L", 1, 12, "3100.00", year)
    second = paye.due(
        tax_codes.read("100L"),
        pay=D("623.23"),
        pay_before=D("3100.00"),
        tax_before=first.tax,
        number=2,
        of=12,
        parameters=year,
    )

    assert first.tax == D("647.73")
    assert second.tax == D("63.27")


def test_gov_uk_example_of_national_insurance():
    found = insurance.due(D(1000), "A", 52, Y25)

    assert [amount for _band, _width, amount in found.employee_rows] == [D("58.00"), D("0.66")]
    assert found.employee == D("58.66")


@pytest.mark.parametrize(
    ("parameters", "code", "annual", "tax"),
    [
        (Y26, "1257L", 20000, "1484.20"),
        (Y26, "1257L", 40000, "5484.20"),
        (Y26, "1257L", 60000, "11428.40"),
        (Y26, "1257L", 80000, "19428.40"),
        (Y26, "S1257L", 20000, "1444.53"),
        (Y26, "S1257L", 40000, "5549.18"),
        (Y26, "S1257L", 60000, "13178.27"),
        (Y26, "S1257L", 80000, "21728.00"),
        (Y26, "0T", 150000, "53703.00"),
        (Y26, "S0T", 150000, "59634.35"),
        (Y25, "S1257L", 20000, "1455.93"),
        (Y25, "S1257L", 40000, "5580.93"),
        (Y25, "S1257L", 60000, "13210.02"),
        (Y25, "S1257L", 80000, "21759.75"),
        (Y25, "1257L", 150000, "48042.45"),
        (Y25, "0T", 150000, "53703.00"),
        (Y25, "S1257L", 150000, "53628.18"),
        (Y25, "S0T", 150000, "59666.10"),
        (Y26, "1257L", 36000, "4684.20"),  # 40,000 less a net-pay pension of 10 %
    ],
)
def test_annual_tax_of_hmrcs_open_calculator(parameters, code, annual, tax):
    """That calculator reckons a year at once and does not round pay to pounds: a pound of difference is expected."""
    assert abs(to_date(code, 12, 12, annual, parameters).to_date - D(tax)) <= 1


@pytest.mark.parametrize(
    ("annual", "employee", "employer"),
    [
        (20000, "594.40", 2250),
        (40000, "2194.40", 5250),
        (60000, "3210.60", 8250),
        (80000, "3610.60", 11250),
        (150000, "5010.60", 21750),
    ],
)
def test_annual_national_insurance(annual, employee, employer):
    for parameters in (Y25, Y26):
        found = insurance.due(D(annual), "A", 1, parameters)
        assert (found.employee, found.employer) == (D(employee), D(employer))


@pytest.mark.parametrize(
    ("plan", "annual", "month", "week"),
    [
        ("1", "27033.24", 0, None),
        ("1", "27033.36", 1, 0),
        ("1", "32901.24", 45, 10),
        ("1", "59166.66", 242, 55),
        ("1", "103033.32", 571, 131),
        ("2", "29518.32", 0, None),
        ("2", "29518.44", 1, None),
        ("4", "33928.32", 0, None),
        ("4", "33928.44", 1, None),
        ("5", "25133.28", 0, None),
        ("5", "25133.40", 1, None),
        ("postgraduate", "21199.92", 0, None),
        ("postgraduate", "21200.04", 1, None),
    ],
)
def test_student_loans_at_their_limits(plan, annual, month, week):
    assert loans.repayment(D(annual) / 12, plan, 12, Y26) == month
    if week is not None:
        assert loans.repayment(D(annual) / 52, plan, 52, Y26) == week


def test_derived_rows_of_tax():
    assert to_date("1257L", 1, 12, 3000, Y26).tax == D("390.20")
    assert to_date("S1257L", 1, 12, 3000, Y26).tax == D("392.27")
    assert to_date("1257L", 2, 12, 6000, Y26).to_date == D("780.60")
    assert to_date("1257L", 3, 12, 15000, Y26).to_date == D("2857.00")
    assert to_date("S1257L", 3, 12, 15000, Y26).to_date == D("3294.46")
    assert to_date("0T", 1, 12, 3000, Y26).tax == D("600.00")
    assert to_date("K475", 1, 12, 3000, Y26).tax == D("730.06")
    assert to_date("1257L", 52, 52, 31200, Y26).to_date == D("3724.00")
    assert paye.adjustment(1257, 12) == D("1048.26")
    assert paye.adjustment(1257, 52) == D("241.92")


@pytest.mark.parametrize(
    ("pay", "employee", "employer"),
    [
        (3000, "156.16", "387.45"),
        (1048, "0", "94.65"),
        (4189, "251.28", "565.80"),
        (5000, "267.50", "687.45"),
        (12000, "407.50", "1737.45"),
    ],
)
def test_derived_rows_of_national_insurance(pay, employee, employer):
    found = insurance.due(D(pay), "A", 12, Y26)

    assert (found.employee, found.employer) == (D(employee), D(employer))


def test_derived_rows_of_student_loans():
    wanted = {"1": 68, "2": 49, "4": 16, "5": 82, "postgraduate": 75}

    assert {plan: loans.repayment(D(3000), plan, 12, Y26) for plan in wanted} == wanted


def test_every_parameter_of_the_two_years_is_in_force_with_its_source():
    rows = {
        "paye.standard_code": ("1257L", "1257L"),
        "ni.lower_earnings_limit": (
            {"week": 125, "month": 542, "year": 6500},
            {"week": 129, "month": 559, "year": 6708},
        ),
        "ni.primary_threshold": ({"week": 242, "month": 1048, "year": 12570},) * 2,
        "ni.secondary_threshold": ({"week": 96, "month": 417, "year": 5000},) * 2,
        "ni.upper_earnings_limit": ({"week": 967, "month": 4189, "year": 50270},) * 2,
        "ni.freeport_threshold": ({"week": 481, "month": 2083, "year": 25000},) * 2,
        "ni.employer_rate": (15, 15),
        "ni.employment_allowance": (10500, 10500),
        "loans.thresholds": (
            {"1": 26065, "2": 28470, "4": 32745, "postgraduate": 21000},
            {"1": 26900, "2": 29385, "4": 33795, "5": 25000, "postgraduate": 21000},
        ),
        "loans.rates": ({"undergraduate": 9, "postgraduate": 6},) * 2,
        "pension.trigger": (10000, 10000),
        "pension.qualifying": ({"lower": 6240, "upper": 50270},) * 2,
        "pension.minimum": ({"total": 8, "employer": 3},) * 2,
        "minimum_wage": (
            {"adult": D("12.21"), "youth": D("10.00"), "under_18": D("7.55"), "apprentice": D("7.55")},
            {"adult": D("12.71"), "youth": D("10.85"), "under_18": D("8.00"), "apprentice": D("8.00")},
        ),
        "statutory.parental_week": (D("187.18"), D("194.32")),
        "levy": ({"rate": D("0.5"), "allowance": 15000},) * 2,
    }

    for code, (before, after) in rows.items():
        assert (Y25[code], Y26[code]) == (before, after), code
        assert Y25.figure(code).source
        assert Y26.figure(code).source
    assert Y25["paye.bands.rest"] == Y26["paye.bands.rest"] == bands([["37700", "20"], ["125140", "40"], ["", "45"]])


def test_a_day_before_the_new_year_still_has_the_old_figures():
    assert BOOK.at(date(2026, 4, 5))["loans.thresholds"]["1"] == 26065
    assert BOOK.at(date(2026, 4, 6))["loans.thresholds"]["1"] == 26900


@pytest.mark.parametrize("category", insurance.CATEGORIES)
def test_each_category_of_national_insurance(category):
    """On 6,000 a month: main rate below 4,189, two percent above; the employer's start by category."""
    main = {"C": 0, "K": 0, "S": 0, "X": 0, "B": "1.85", "E": "1.85", "I": "1.85", "D": 2, "J": 2, "L": 2, "Z": 2}
    nothing = category in "CKSX"
    employee = D(0) if nothing else (D(3141) * D(main.get(category, 8)) / 100) + D("36.22")
    starts = 417 if category in "ABCJ" else 4189 if category in "HMVZ" else 2083
    employer = D(0) if category == "X" else (D(6000) - starts) * D("0.15")

    found = insurance.due(D(6000), category, 12, Y26)

    assert abs(found.employee - employee) < D("0.005")
    assert found.employer == employer


def test_an_exact_half_penny_of_national_insurance_is_dropped():
    # 15 % of what exceeds 417 is 50.145 exactly
    assert insurance.due(D("751.30"), "A", 12, Y26).employer == D("50.14")
    assert insurance.half_down(D("50.155")) == D("50.15")
    assert insurance.half_down(D("50.1551")) == D("50.16")


@pytest.mark.parametrize(
    ("code", "rate"),
    [
        ("BR", 20), ("D0", 40), ("D1", 45), ("SBR", 20), ("SD0", 21), ("SD1", 42), ("SD2", 45), ("SD3", 48),
        ("CBR", 20), ("CD0", 40), ("CD1", 45),
    ],
)  # fmt: skip
def test_codes_of_one_rate(code, rate):
    assert to_date(code, 1, 12, "1000.90", Y26).tax == D(10) * rate


def test_nt_takes_nothing_and_gives_back_what_was_paid():
    found = paye.due(
        tax_codes.read("NT"), pay=D(2000), pay_before=D(6000), tax_before=D(300), number=4, of=12, parameters=Y26
    )

    assert found.tax == -300


@pytest.mark.parametrize("basis", ["W1", "M1", "X", " m1", "W1/M1"])
def test_emergency_codes_look_at_this_period_alone(basis):
    code = tax_codes.read(f"1257L{basis}")
    found = paye.due(code, pay=D(3000), pay_before=D(20000), tax_before=D(0), number=8, of=12, parameters=Y26)

    assert found.tax == D("390.20")


def test_no_more_than_half_of_the_pay_is_taken_whatever_the_code():
    for code in ("K475", "1257L"):
        found = paye.due(
            tax_codes.read(code), pay=D("500.01"), pay_before=D(30000), tax_before=D(0), number=8, of=12, parameters=Y26
        )
        assert found.tax == D("250.00")
        assert found.limit == D("250.00")


def test_what_half_of_the_pay_left_out_follows_in_the_next_period():
    code = tax_codes.read("K2000")
    first = paye.due(code, pay=D(1000), pay_before=D(0), tax_before=D(0), number=1, of=12, parameters=Y26)
    second = paye.due(code, pay=D(9000), pay_before=D(1000), tax_before=first.tax, number=2, of=12, parameters=Y26)

    assert first.tax == 500
    assert first.tax + second.tax == second.to_date


def test_week_53_stands_alone_as_week_1():
    code = tax_codes.read("1257L")
    alone = to_date("1257L", 1, 52, 600, Y26).tax
    found = paye.due(code, pay=D(600), pay_before=D(31200), tax_before=D(3724), number=53, of=52, parameters=Y26)

    assert found.tax == alone


@pytest.mark.parametrize("text", ["", "L1257", "D2", "D3", "CD2", "SNT", "K0", "K", "1257LX2", "BR5", "1257Q"])
def test_what_is_no_tax_code_is_refused(text):
    with pytest.raises(tax_codes.Unreadable):
        tax_codes.read(text)


def test_a_code_without_its_letter_is_read():
    assert tax_codes.read("1257").number == 1257  # the letter tells HMRC something, the amount is the same


def test_scots_and_welsh_codes_have_their_countrys_rates():
    assert tax_codes.read("s1257l").country == "scotland"
    assert tax_codes.read("C1257L").country == "rest"
    assert to_date("C1257L", 1, 12, 3000, Y26).tax == D("390.20")


def test_of_several_plans_the_lowest_threshold_counts():
    assert loans.plan_that_counts(["2", "1", "4"], 12, Y26) == "1"
    assert loans.plan_that_counts(["5"], 12, Y25) is None
    assert loans.repayment(D(9000), "5", 12, Y25) == 0


def test_automatic_enrolment_by_age_and_earnings():
    assert pensions.must_enrol(D("834"), 22, 12, Y26)
    assert not pensions.must_enrol(D("833"), 40, 12, Y26)
    assert not pensions.must_enrol(D("3000"), 21, 12, Y26)
    assert not pensions.must_enrol(D("3000"), 66, 12, Y26)
    assert pensions.qualifying(D(3000), 12, Y26) == 2480
    assert pensions.qualifying(D(9000), 12, Y26) == 3669
    assert pensions.qualifying(D(500), 12, Y26) == 0


def test_shares_of_a_pension_by_arrangement():
    earnings, five, three = D(2480), D(5), D(3)
    net = pensions.shares(earnings, pensions.NET_PAY, five, three)
    relief = pensions.shares(earnings, pensions.RELIEF, five, three)
    given_up = pensions.shares(earnings, pensions.SACRIFICE, five, three)

    assert (net.employee, net.employer) == (D("124.00"), D("74.40"))
    assert (relief.employee, relief.relief) == (D("99.20"), D("24.80"))
    assert given_up.employer == D("198.40")


def test_minimum_wage_by_age():
    assert [wages.floor_for(age, Y26) for age in (17, 18, 20, 21)] == [D("8.00"), D("10.85"), D("10.85"), D("12.71")]
    assert wages.floor_for(30, Y25, apprentice=True) == D("7.55")
    assert wages.hourly(D("1980.00"), D("162.5")) == D("12.18")


def test_constants_of_a_table_are_worked_out():
    first, second, third = steps(Y26["paye.bands.rest"], 1, 12)

    assert (first.up_to, second.above, second.constant) == (3142, D("3141.6666"), D("628.3333"))
    assert third.up_to is None
