"""The generated pages of the docs show what runs."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize("page", ["map", "flows"])
def test_the_generated_page_is_current(page):
    call_command(page, "--check")


def test_a_stale_page_is_found(settings, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "pyproject.toml").write_text((settings.BASE_DIR / "pyproject.toml").read_text())
    (tmp_path / "docs" / "map.md").write_text("# The map of yesterday\n")
    settings.BASE_DIR = tmp_path

    with pytest.raises(CommandError):
        call_command("map", "--check")
