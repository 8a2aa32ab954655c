"""The portal's settings and the app that holds the peers' flows and rows."""

from portal.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmark"]  # noqa: F405
