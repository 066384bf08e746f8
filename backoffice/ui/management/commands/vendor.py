"""Refreshes what we carry of others: the icon sprite, htmx, fonts, and the lock file that names them.

The packages are unpacked by an ordinary package client; this command only reads the folder they lie in.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

STATIC = Path(__file__).resolve().parents[3] / "static"
LOCK = STATIC / "vendor" / "lock.json"

# What is copied: package, file in the package, file in our static folder.
COPIES = [
    ("htmx.org", "dist/htmx.min.js", "vendor/htmx.min.js"),
    ("htmx.org", "LICENSE", "vendor/htmx.LICENSE.txt"),
    ("lucide-static", "LICENSE", "vendor/lucide.LICENSE.txt"),
    ("@fontsource-variable/inter", "files/inter-latin-wght-normal.woff2", "fonts/inter-var-latin.woff2"),
    ("@fontsource-variable/inter", "files/inter-latin-ext-wght-normal.woff2", "fonts/inter-var-latin-ext.woff2"),
    ("@fontsource-variable/inter", "LICENSE", "fonts/OFL.txt"),
]
LICENCES = {"htmx.org": "0BSD", "lucide-static": "ISC", "@fontsource-variable/inter": "OFL-1.1"}


class Command(BaseCommand):
    """`vendor FOLDER` copies from unpacked packages and rewrites the lock; `vendor` alone compares with the lock."""

    help = "Copy vendored assets from a folder of unpacked packages, or check them against the lock file."

    def add_arguments(self, parser: CommandParser) -> None:
        """One optional folder, such as node_modules."""
        parser.add_argument("packages", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refresh or compare; a difference ends with an error that names the files."""
        if packages := options["packages"]:
            refresh(packages)
            self.stdout.write("Vendored assets refreshed.")
        elif wrong := differing():
            raise CommandError("Not as the lock file says: " + ", ".join(wrong))
        else:
            self.stdout.write("Vendored assets are as the lock file says.")


def refresh(packages: Path) -> None:
    """Copy the files, build the sprite, and write name, version, licence and SHA-256 of each."""
    entries = []
    for package, source, target in COPIES:
        (STATIC / target).write_bytes((packages / package / source).read_bytes())
        entries.append(entry(packages, package, target))
    (STATIC / "icons" / "sprite.svg").write_text(sprite(packages / "lucide-static" / "icons"), encoding="utf-8")
    entries.append(entry(packages, "lucide-static", "icons/sprite.svg"))
    LOCK.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def entry(packages: Path, package: str, target: str) -> dict[str, str]:
    """One line of the lock file."""
    version = json.loads((packages / package / "package.json").read_text(encoding="utf-8"))["version"]
    return {
        "file": target,
        "package": package,
        "version": version,
        "licence": LICENCES[package],
        "sha256": digest(target),
    }


def sprite(icons: Path) -> str:
    """The icons that icons.txt lists as symbols of one file, without size or colour of their own."""
    symbols = []
    for name in (STATIC / "icons" / "icons.txt").read_text(encoding="utf-8").split():
        text = (icons / f"{name}.svg").read_text(encoding="utf-8")
        inner = re.sub(r"\s*\n\s*", "", text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")])
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    notice = "<!-- Icons of Lucide, ISC licence: see vendor/lucide.LICENSE.txt -->"
    return '<svg xmlns="http://www.w3.org/2000/svg">' + notice + "\n" + "\n".join(symbols) + "\n</svg>\n"


def digest(target: str) -> str:
    """SHA-256 of one of our static files, in hexadecimal."""
    return hashlib.sha256((STATIC / target).read_bytes()).hexdigest()


def differing() -> list[str]:
    """The vendored files whose bytes are not those of the lock file."""
    entries = json.loads(LOCK.read_text(encoding="utf-8"))
    return [e["file"] for e in entries if not (STATIC / e["file"]).is_file() or digest(e["file"]) != e["sha256"]]
