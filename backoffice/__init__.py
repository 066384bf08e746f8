"""The ground that every domain stands on: core, organisation, rights, audit, screens, jobs, documents and workflow."""

from backoffice.celery import app as celery_app

__all__ = ["celery_app"]
