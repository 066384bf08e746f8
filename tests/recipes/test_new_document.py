"""The recipe for a new document is carried out: its files are written, migrated and tested, and its lines counted."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
RECIPE = BASE / "docs" / "recipes" / "new-document.md"
BLOCK = re.compile(r"^```python file=(\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)

# The app is born beside the checkout: finance learns of a second folder, as if the files stood in it.
SETTINGS = """
import finance
finance.__path__.append({folder!r} + "/finance")
from backoffice.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "finance.petty_cash"]
ROOT_URLCONF = "recipe_urls"
"""
FIXTURES = """
from tests.conftest import _django_db_template_ready, django_db_setup
from tests.fixtures_world import company
"""
URLS = """
from django.urls import include, path
from backoffice.urls import urlpatterns as house
urlpatterns = [path("petty-cash/", include("finance.petty_cash.urls")), *house]
"""


@pytest.fixture
def written(tmp_path):
    for name, text in BLOCK.findall(RECIPE.read_text()):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "finance/petty_cash/migrations").mkdir()
    (tmp_path / "finance/petty_cash/migrations/__init__.py").touch()
    (tmp_path / "recipe_settings.py").write_text(SETTINGS.format(folder=str(tmp_path)))
    (tmp_path / "recipe_urls.py").write_text(URLS)
    (tmp_path / "tests_of_recipe/conftest.py").write_text(FIXTURES)
    return tmp_path


def carried_out(folder, *command):
    environment = os.environ | {
        "PYTHONPATH": f"{folder}:{BASE}",
        "DJANGO_SETTINGS_MODULE": "recipe_settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "SEAL_KEYS": ",".join(f"{name}:{key}" for name, key in settings.SEAL_KEYS.items()),
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "BACKOFFICE_TEST_NAME": settings.DATABASES["default"]["TEST"]["NAME"] + "_recipe",
    }
    done = subprocess.run(
        [sys.executable, *command], check=False, cwd=BASE, env=environment, capture_output=True, text=True, timeout=240
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
def test_the_recipe_works_as_it_stands(written):
    code, said = carried_out(written, "-W", "ignore", "manage.py", "makemigrations", "petty_cash")
    assert code == 0, said
    test = str(written / "tests_of_recipe/test_paying.py")
    options = ["--ds=recipe_settings", "-q", f"--rootdir={BASE}", "--import-mode=importlib"]
    code, said = carried_out(written, "-m", "pytest", *options, test)
    assert code == 0 and "1 passed" in said, said


def test_the_recipe_takes_fewer_than_200_lines():
    blocks = BLOCK.findall(RECIPE.read_text())
    lines = [line for _name, text in blocks for line in text.splitlines() if line.strip()]

    assert len(lines) < 200, f"{len(lines)} lines"


def test_the_recipe_is_formatted_as_we_format(written):
    code, said = carried_out(
        written, "-m", "ruff", "format", "--check", "--config", str(BASE / "pyproject.toml"), str(written / "finance")
    )
    assert code == 0, said
