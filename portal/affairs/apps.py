from django.apps import AppConfig


class AffairsConfig(AppConfig):
    name = "portal.affairs"
    label = "affairs"
    verbose_name = "办件"
