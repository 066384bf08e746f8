"""Every task takes named arguments and bears those of a newer version of itself."""

import inspect
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps

from backoffice.celery import app
from backoffice.core.apps import ROOTS


def our_tasks():
    for config in apps.get_app_configs():
        if config.name.split(".")[0] in ROOTS and find_spec(f"{config.name}.tasks"):
            import_module(f"{config.name}.tasks")
    return [task for name, task in sorted(app.tasks.items()) if name.split(".")[0] in ROOTS]


def test_there_are_tasks():
    assert our_tasks()


@pytest.mark.parametrize("task", our_tasks(), ids=lambda task: task.name)
def test_a_task_bears_unknown_keywords(task):
    parameters = inspect.signature(task.run).parameters.values()
    assert any(p.kind is p.VAR_KEYWORD for p in parameters)
    assert all(p.kind in (p.KEYWORD_ONLY, p.VAR_KEYWORD) for p in parameters)


@pytest.mark.parametrize("task", our_tasks(), ids=lambda task: task.name)
def test_a_task_is_short(task):
    source, _line = inspect.getsourcelines(task.run)
    assert len([line for line in source if line.strip()]) <= 12


def test_the_schedule_names_tasks_that_exist(settings):
    assert {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()} <= {task.name for task in our_tasks()}
