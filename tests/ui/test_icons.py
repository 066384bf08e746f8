"""Every icon that a template or a declaration names is in the sprite."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
IN_TEMPLATES = re.compile(r'{% icon "([^"]+)"')
IN_CODE = re.compile(r'\bicon="([a-z0-9-]+)"')


def test_no_icon_is_missing():
    sprite = set(re.findall(r'symbol id="([^"]+)"', (ROOT / "backoffice/static/icons/sprite.svg").read_text()))
    named = {}
    for page in (ROOT / "templates").rglob("*.html"):
        named |= dict.fromkeys(IN_TEMPLATES.findall(page.read_text()), page.name)
    for domain in ("backoffice", "reporting", "finance"):
        for module in (ROOT / domain).rglob("*.py"):
            named |= dict.fromkeys(IN_CODE.findall(module.read_text()), module.name)

    assert {icon: where for icon, where in named.items() if icon not in sprite} == {}
