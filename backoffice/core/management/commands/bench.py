"""`manage.py bench ledger --json`: our speed beside the limit of plain SQL, in one run."""

import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from backoffice.core import measuring, services


class Command(BaseCommand):
    help = "Measures an app's hot paths on a throw-away database, each beside the raw SQL limit of the same rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bench", help="label of an app with a bench.py, such as ledger")
        parser.add_argument("--json", action="store_true", help="print the figures as one JSON object, last line")
        parser.add_argument("--job", help="internal: the part that runs in processes of its own")
        parser.add_argument("--database", help="internal: the throw-away database of the parent")
        parser.add_argument("--seconds", type=float, default=3.0, help="how long concurrent posters run")
        parser.add_argument("--scale", type=float, default=1.0, help="a part of the full data, for a quick look")

    def handle(self, *, bench: str, json: bool, job: str | None, database: str | None, **options: Any) -> None:
        module = self._module(bench)
        if job and database:
            connection.settings_dict["NAME"] = database
            self.stdout.write(str(module.JOBS[job](options["seconds"])))
            return
        started = self._start_services()
        try:
            with measuring.throw_away_database():
                figures: dict[str, measuring.Figure] = {}
                for part in [module, *self._parts_of(bench)]:
                    figures |= part.run(seconds=options["seconds"], scale=options["scale"], say=self.stderr.write)
        finally:
            if started:
                services.down()
        self._print(bench, figures, json)

    def _module(self, bench: str) -> Any:
        try:
            return import_module(f"{apps.get_app_config(bench).name}.bench")
        except (LookupError, ModuleNotFoundError) as error:
            raise CommandError(f"There is no bench named {bench}.") from error

    def _parts_of(self, bench: str) -> list[Any]:
        """What apps above add to this bench: their `bench.py` names it in `PART_OF`."""
        parts = []
        for config in apps.get_app_configs():
            if find_spec(f"{config.name}.bench"):
                module = import_module(f"{config.name}.bench")
                if getattr(module, "PART_OF", "") == bench:
                    parts.append(module)
        return parts

    def _start_services(self) -> bool:
        from django.conf import settings

        return settings.EMBEDDED and services.up()

    def _print(self, bench: str, figures: dict[str, measuring.Figure], as_json: bool) -> None:
        answers = {key: figure.as_json() for key, figure in figures.items()}
        if as_json:
            self.stdout.write(json.dumps({"bench": bench, "figures": answers}))
            return
        for key, figure in answers.items():
            self.stdout.write(
                f"{key:18} {figure['ours']:>12,} {figure['unit']:10} limit {figure['limit']:>12,}  ratio {figure['ratio']}"
            )
