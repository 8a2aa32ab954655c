"""What the office keeps: the records of the one-thing portal."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
