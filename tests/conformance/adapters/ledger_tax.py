"""Ledger and taxes: posting, reversing, settling and tax previews, through the product's own verbs and queries."""

import re
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from backoffice.core.errors import Refused
from backoffice.core.rounding import ZERO, rounded
from backoffice.currencies import conversion
from backoffice.currencies.models import Currency, Rate
from backoffice.organisation.models import CostCentre
from backoffice.parties.models import Party
from finance.ledger import accounts, posting, queries, settling
from finance.ledger import periods as periods_of_ledger
from finance.ledger.models import Account, Balance, Heading, JournalEntry, JournalLine, OpenItem, Period
from finance.tax import computing
from finance.tax.models import TaxCode, TaxRate
from tests.conformance.adapters import bills
from tests.conformance.cases import Unsupported
from tests.conformance.running import Adapter, called
from tests.fixtures_world import a_company, a_user, all_rights

EVER, ALWAYS = date(1, 1, 2), date(9999, 12, 30)
ROLES = {
    "receivable": "ar",
    "payable": "ap",
    "revenue": "revenue",
    "tax": "vat_out",
    "bank": "bank",
    "cash": "cash",
    "inventory": "stock",
    "cost_of_sales": "cogs",
    "goods_received": "grni",
    "exchange_difference": "fx_realised",
    "unrealised_exchange_difference": "fx_unrealised",
    "clearing": "suspense",
    "cash_rounding": "rounding",
    "retained_earnings": "retained",
    "equity": "equity",
}
KINDS = {"expense": "expense", "purchase_difference": "expense", "goods_delivered": "asset", "deposit": "liability"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class LedgerAndTax(Adapter):
    given_keys = frozenset(
        [
            "accounts",
            "company_currency",
            "taxes",
            "rounding",
            "digits",
            "rates",
            "closed_periods",
            "closed_until",
            "cost_centres",
            "parties",
            "fiscal_year",
        ]
    )

    def prepare(self):
        currency = self.given.get("company_currency", "EUR")
        if self.given.get("fiscal_year", "calendar") != "calendar":
            raise Unsupported("given fiscal_year")
        self.company = a_company("Conformance Ltd", chart="ifrs", currency=currency, country="DE")
        self.user = a_user("Conny Formance", *all_rights("ledger", "tax", "payables", "parties"), company=self.company)
        self.words, self.centres, self.parties = {}, {}, {}
        self._open_years()
        for word in self.given.get("accounts", ()):
            self.account(word)
        for name in self.given.get("parties", ()):
            self.party(name)
        self._rates(self.given.get("rates", ()))
        self._taxes(self.given.get("taxes", {}))
        self._close()

    def _open_years(self):
        have = {period.starts_on.year for period in Period.objects.filter(company=self.company)}
        for year in sorted({int(day[:4]) for day in DAY.findall(repr(self.case))} - have):
            periods_of_ledger.open_year(self.company, date(year, 1, 1))

    def _close(self):
        wanted = []
        if until := self.given.get("closed_until"):
            wanted += Period.objects.filter(company=self.company, ends_on__lte=date.fromisoformat(until))
        for words in self.given.get("closed_periods", ()):
            if not isinstance(words, str) or not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", words):
                raise Unsupported("given closed_periods")
            day = date.fromisoformat(words if len(words) == 10 else f"{words}-01")
            wanted += Period.objects.filter(company=self.company, starts_on__lte=day, ends_on__gte=day)
        for period in wanted:
            Period.flow.perform(period, "close", by=self.user)

    def _rates(self, rows):
        if not isinstance(rows, list | tuple):
            raise Unsupported("given rates")
        for row in rows:
            if set(row) - {"date", "base", "quote", "rate"}:
                raise Unsupported("given rates")
            for code in (row["base"], row["quote"]):
                self._currency(code)
            day = date.fromisoformat(row.get("date", "2000-01-01"))
            Rate.objects.create(base_id=row["base"], quote_id=row["quote"], on=day, rate=Decimal(row["rate"]))

    def _currency(self, code):
        if len(code) > 3:
            raise Unsupported(f"currency {code}")
        Currency.objects.get_or_create(code=code, defaults={"name": code})

    # masters, made on first use

    def account(self, word):
        if word not in self.words:
            self.words[word] = self._find_account(word)
        return self.words[word]

    def _find_account(self, word):
        if word in ROLES:
            return accounts.by_role(self.company, ROLES[word])
        parent = word.rpartition(".")[0]
        given = self.given.get("accounts")
        stated = given.get(word, {}) if isinstance(given, dict) else {}
        kind = stated.get("kind") or stated.get("type") if isinstance(stated, dict) else stated
        if parent:
            kind = self.account(parent).kind
        kind = {"revenue": "income"}.get(kind, kind) or KINDS.get(word) or "asset"
        if kind not in Account.Kind.values:
            raise Unsupported(f"account {word} of kind {kind}")
        statement = "profit_and_loss" if kind in ("income", "expense") else "balance_sheet"
        heading = Heading.objects.filter(company=self.company, statement=statement, accounts__kind=kind).first()
        code = f"C{len(self.words):03d}"
        return Account.objects.create(company=self.company, code=code, name=word, kind=kind, heading=heading)

    def party(self, name):
        if name is not None and name not in self.parties:
            self.parties[name] = Party.objects.create(
                company=self.company, name=name, country="DE", currency=self.company.currency
            )
        return self.parties.get(name)

    def centre(self, name):
        if name is not None and name not in self.centres:
            self.centres[name] = CostCentre.objects.create(
                company=self.company, code=f"K{len(self.centres)}", name=name
            )
        return self.centres.get(name)

    def entry(self, ref):
        if ref not in self.refs:
            raise Unsupported(f"entry {ref}, which no step made")
        return JournalEntry.objects.get(pk=self.refs[ref])

    def traces(self):
        return (
            JournalEntry.objects.count(),
            JournalLine.objects.count(),
            list(OpenItem.objects.order_by("pk").values_list("pk", "rest")),
            list(Balance.objects.order_by("pk").values_list("pk", "debit", "credit")),
        )

    # the ledger

    def journal_post(self, *, date, lines, ref=None, text="", description="", state="posted"):
        if state != "posted":
            raise Unsupported(f"operation journal.post: state {state}")
        made = [called(self._line, line, "operation journal.post: line") for line in lines]
        entry = posting.post(
            self.company,
            posting.Posting(on=_day(date), lines=made, text=text or description or ref or "Entry"),
            by=self.user,
        )
        self.refs[ref] = entry.pk
        return {"id": entry.pk, "number": entry.number}

    def _line(
        self,
        *,
        account,
        debit="0",
        credit="0",
        party=None,
        currency=None,
        amount_currency=None,
        maturity=None,
        due=None,
        due_date=None,
        cost_centre=None,
        analytic=None,
        text="",
        description="",
    ):
        if cost_centre and analytic:
            raise Unsupported("operation journal.post: line with cost centre and analytic account")
        due = maturity or due or due_date
        debit, credit = Decimal(debit or 0), Decimal(credit or 0)
        line = posting.debit(
            self.account(account),
            debit - credit if not (debit and credit) else debit,
            party=self.party(party),
            cost_centre=self.centre(cost_centre or analytic),
            due_on=_day(due) if due else None,
            text=text or description,
        )
        if debit and credit:
            line.credit = credit  # two sides on one line: for the product to refuse
        if currency and currency != self.company.currency:
            self._currency(currency)
            if amount_currency is None:
                raise Unsupported("operation journal.post: line with a currency and no amount in it")
            amount = abs(Decimal(amount_currency))
            line.currency = currency
            line.currency_debit, line.currency_credit = (amount, ZERO) if line.debit else (ZERO, amount)
        return line

    def journal_reverse(self, *, entry, date=None, ref=None, reason="Reversal"):
        reversed_entry = self.entry(entry)
        on = _day(date) if date else reversed_entry.on
        JournalEntry.flow.perform(reversed_entry, "reverse", by=self.user, on=on, reason=reason)
        mirror = JournalEntry.objects.get(reversal_of=reversed_entry)
        self.refs[ref] = mirror.pk
        return {"id": mirror.pk, "number": mirror.number}

    def period_close(self, *, period=None, date=None):
        day = date or (f"{period}-01" if period and re.fullmatch(r"\d{4}-\d\d", period) else None)
        if day is None:
            raise Unsupported("operation period.close")
        found = Period.objects.get(company=self.company, starts_on__lte=_day(day), ends_on__gte=_day(day))
        Period.flow.perform(found, "close", by=self.user)
        return {"id": found.pk}

    def ledger_reconcile(self, *, entries, account=None, amount=None, date=None, ref=None):
        """Debit items settle credit items, oldest first; with an amount only so much."""
        ids = [self.entry(ref).pk for ref in entries]
        items = OpenItem.objects.filter(line__entry__in=ids).select_related("line").order_by("on", "pk")
        if account:
            items = items.filter(account=self.account(account))
        found = [item for item in items if item.rest]
        if not found:
            raise Refused("There is nothing open to reconcile.")
        if amount is None and len({item.currency for item in found}) == 1 and sum(item.rest for item in found):
            raise Refused("The items do not settle each other.")
        left = Decimal(amount) if amount is not None else None
        done = []
        debits, credits_ = [i for i in found if i.rest > 0], [i for i in found if i.rest < 0]
        for debit in debits:
            for credit in credits_:
                part = min(debit.rest, -credit.rest, *([left] if left is not None else []))
                if part > 0:
                    on = _day(date) if date else max(debit.on, credit.on)
                    done.append(settling.allocate(debit, credit, part, on=on, by=self.user).pk)
                    debit.refresh_from_db()
                    credit.refresh_from_db()
                    left = None if left is None else left - part
        return {"ids": done}

    # checks of the ledger

    def check_account_balance(
        self,
        *,
        account,
        date=None,
        as_of=None,
        from_=None,
        to=None,
        with_children=False,
        children=False,
        cost_centre=None,
        currency=None,
    ):
        found = [self.account(account)]
        if with_children or children:
            found += [self.words[word] for word in self.words if word.startswith(f"{account}.")]
        until = date or as_of or to
        moved = queries.movements(
            self.company,
            starts_on=_day(from_) if from_ else EVER,
            ends_on=_day(until) if until else ALWAYS,
            cost_centres=[self.centre(cost_centre).pk] if cost_centre else None,
        )
        rows = [moved[each.pk] for each in found if each.pk in moved]
        debit, credit = sum((row.debit for row in rows), ZERO), sum((row.credit for row in rows), ZERO)
        answer = {"debit": debit, "credit": credit, "balance": debit - credit}
        if not (from_ or until or cost_centre):
            parts = Balance.objects.filter(account__in=found)
            parts = parts.filter(currency=currency) if currency else parts.exclude(currency=self.company.currency)
            sums = parts.aggregate(debit=Sum("currency_debit"), credit=Sum("currency_credit"))
            answer["amount_currency"] = (sums["debit"] or ZERO) - (sums["credit"] or ZERO)
        return answer

    def check_analytic_balance(self, *, account=None, analytic=None, date=None):
        centre = self.centre(account or analytic)
        ends = _day(date) if date else ALWAYS
        moved = queries.movements(self.company, starts_on=EVER, ends_on=ends, cost_centres=[centre.pk]).values()
        debit, credit = sum((row.debit for row in moved), ZERO), sum((row.credit for row in moved), ZERO)
        return {"debit": debit, "credit": credit, "balance": debit - credit}

    def check_open_items(self, *, account, party=None, date=None, as_of=None):
        day = date or as_of
        rows = queries.open_items(self.account(account).pk, on=_day(day) if day else ALWAYS)
        if party is not None:
            rows = [row for row in rows if row.party_id == self.party(party).pk]
        names = {made.pk: name for name, made in self.parties.items()}
        items = [
            {
                "party": names.get(row.party_id),
                "date": row.on.isoformat(),
                "due": row.due_on.isoformat(),
                "maturity": row.due_on.isoformat(),
                "currency": row.currency,
                "amount": row.rest_company,
                "rest": row.rest_company,
                "amount_currency": row.rest,
            }
            for row in rows
        ]
        total = sum((row.rest_company for row in rows), ZERO)
        amounts = [item["amount"] for item in items]
        return {
            "count": len(items),
            "total": total,
            "amount": total,
            "balance": total,
            "items": items,
            "amounts": amounts,
        }

    def check_party_balance(self, *, party, account=None, date=None, as_of=None):
        day = date or as_of
        words = [account] if account else ["receivable", "payable"]
        rows = [
            row
            for word in words
            for row in queries.open_items(self.account(word).pk, on=_day(day) if day else ALWAYS)
            if row.party_id == self.party(party).pk
        ]
        return {"balance": sum((row.rest_company for row in rows), ZERO)}

    # taxes

    def _taxes(self, given):
        self.taxes = {}
        order = sorted(given, key=lambda name: given[name].get("sequence", list(given).index(name) + 1))
        for place, name in enumerate(order):
            self.taxes[name] = called(self._tax, {"name": name, "place": place, **given[name]}, f"given tax {name}")

    def _tax(
        self,
        *,
        name,
        place,
        kind,
        rate=None,
        amount=None,
        included=False,
        sequence=None,
        adds_to_base_of_next=False,
        rates=None,
        start_date=None,
        end_date=None,
    ):
        if kind not in TaxCode.Kind.values or kind == TaxCode.Kind.GROUP:
            raise Unsupported(f"given tax of kind {kind}")
        code = TaxCode.objects.create(
            company=self.company,
            code=f"T{place}",
            name=name,
            kind=kind,
            included=included,
            adds_to_base=adds_to_base_of_next,
            place=100 + place,
        )
        since = _day(start_date) if start_date else date(1, 1, 1)
        values = {since: Decimal(amount if amount is not None else rate)} if rates is None else self._dated(rates)
        if start_date:
            values.setdefault(date(1, 1, 1), ZERO)
        if end_date:
            values[date.fromordinal(_day(end_date).toordinal() + 1)] = ZERO
        for on, value in values.items():
            TaxRate.objects.create(tax_code=code, on=on, rate=value)
        return code

    def _dated(self, rates):
        found = {}
        for row in rates:
            day = next((row[key] for key in ("from", "date", "start", "start_date", "on") if key in row), "0001-01-01")
            if set(row) - {"from", "date", "start", "start_date", "on", "rate", "amount"}:
                raise Unsupported("given tax: dated rates of another form")
            found[_day(day)] = Decimal(row.get("rate", row.get("amount")))
        return found

    def calc_tax(
        self, *, lines, date=None, currency=None, rate_to_company=None, rounding=None, digits=None, discount=None
    ):
        on = _day(date) if date else _day("2026-01-01")
        rounding = rounding or self.given.get("rounding", "document")
        if rounding not in ("document", "line"):
            raise Unsupported(f"rounding {rounding}")
        digits = int(
            digits
            if digits is not None
            else self.given.get("digits", conversion.digits(currency or self.company.currency))
        )
        made = [line for row in lines for line in called(self._taxable, row | {"on": on}, "operation calc.tax: line")]
        taxable = [line for line, _codes in made]
        if discount is not None:
            taxable = self._discounted(taxable, discount, digits)
        totals = computing.compute(taxable, digits=digits, rounding=rounding)
        names = {code.pk: name for name, code in self.taxes.items()}
        rows = [{"name": names[row.key], "base": row.base, "amount": row.amount} for row in totals.taxes]
        same_base = rows and len({tuple(tax.key for tax in line.taxes) for line in taxable}) == 1
        answer = {
            "base": rows[0]["base"] if same_base else totals.net,
            "untaxed": totals.net,
            "tax": totals.tax,
            "total": totals.gross,
            "taxes": rows,
        }
        if rate_to_company is not None:
            rate = Decimal(rate_to_company)
            own = self.company.currency
            answer["company"] = {key: conversion.converted(answer[key], rate, own) for key in ("base", "tax", "total")}
            answer |= {f"{key}_company": value for key, value in answer["company"].items()}
        bills.post_and_agree(
            self, [(line, codes) for line, (_l, codes) in zip(taxable, made, strict=True)], totals, on, rounding, digits
        )
        return answer

    def _taxable(self, *, qty="1", unit_price, taxes=(), repeat=1, on, discount_percent="0"):
        for name in taxes:
            if name not in self.taxes:
                raise Unsupported(f"tax {name}, which is not given")
        codes = sorted((self.taxes[name] for name in taxes), key=lambda code: code.place)
        applied = [tax for code in codes for tax in computing.taxes_of(code, on)]
        quantity, price = Decimal(qty), Decimal(unit_price)
        discount = quantity * price * Decimal(discount_percent) / 100
        return [(computing.TaxableLine(quantity, price, applied, discount), codes)] * int(repeat)

    def _discounted(self, lines, discount, digits):
        if not isinstance(discount, dict):
            discount = {"amount": discount}
        if set(discount) - {"amount", "percent", "on"} or discount.get("on", "net") != "net":
            raise Unsupported("operation calc.tax: this form of discount")
        net = sum((line.amount for line in lines), ZERO)
        amount = (
            Decimal(discount["amount"])
            if "amount" in discount
            else rounded(net * Decimal(discount["percent"]) / 100, digits)
        )
        return computing.spread_discount(lines, amount, digits=digits)

    def calc_tax_reverse(
        self, *, taxes, amount=None, total=None, price=None, unit_price=None, qty="1", date=None, digits=None
    ):
        """From the price with tax to the price without: the same computation with the taxes declared as included."""
        given = next((value for value in (amount, total, price, unit_price) if value is not None), None)
        if given is None:
            raise Unsupported("operation calc.tax_reverse without an amount")
        on = _day(date) if date else _day("2026-01-01")
        codes = sorted((self.taxes[name] for name in taxes), key=lambda code: code.place)
        inside = [
            computing.Tax(tax.key, tax.kind, tax.rate, True, tax.adds_to_base)
            for code in codes
            for tax in computing.taxes_of(code, on)
        ]
        digits = int(digits if digits is not None else self.given.get("digits", 2))
        totals = computing.compute([computing.TaxableLine(Decimal(qty), Decimal(given), inside)], digits=digits)
        return {"base": totals.net, "net": totals.net, "amount": totals.net, "tax": totals.tax, "total": totals.gross}

    def calc_convert(self, *, amount, from_, to, date=None):
        on = _day(date) if date else _day("2026-01-01")
        self._currency(from_)
        self._currency(to)
        return {"amount": conversion.converted(Decimal(amount), conversion.rate(from_, to, on), to)}


def _day(text):
    return date.fromisoformat(text)
