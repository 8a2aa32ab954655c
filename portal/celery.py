"""Celery application: messages only wake the work that rows in the database describe."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

from portal import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

TRANSPORT_ALIASES["filesystem"] = broker.ALIAS
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workflows.engine", "workflows"])
