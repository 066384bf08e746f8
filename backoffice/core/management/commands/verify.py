"""`manage.py verify`: proves the books, or names what contradicts them; exit code 1 when something does."""

import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from backoffice.core.verifying import verifications

SHOWN = 20


class Command(BaseCommand):
    help = "Proves that entries balance, balances equal lines, sub-ledgers equal control accounts, numbers have no gap, seals hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the outcome as one JSON object")
        parser.add_argument("--only", nargs="*", help="keys of checks to run")

    def handle(self, *, json: bool, only: list[str] | None, **options: Any) -> None:
        outcome: dict[str, Any] = {}
        for key, check in verifications.items():
            if only and key not in only:
                continue
            started = time.perf_counter()
            findings = list(check.findings())
            outcome[key] = [f"{finding.record}: {finding.problem}" for finding in findings]
            if not json:
                self._say(check.proves, outcome[key], time.perf_counter() - started)
        if json:
            self._print(outcome)
        if any(outcome.values()):
            sys.exit(1)

    def _say(self, proves: str, findings: list[str], seconds: float) -> None:
        mark = self.style.SUCCESS("holds") if not findings else self.style.ERROR(f"{len(findings)} found")
        self.stdout.write(f"{proves}: {mark} ({seconds:.1f} s)")
        for line in findings[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(findings) > SHOWN:
            self.stdout.write(f"  and {len(findings) - SHOWN} more")

    def _print(self, outcome: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(outcome))
