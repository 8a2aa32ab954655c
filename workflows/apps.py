from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"
    label = "workflows"
    verbose_name = "办理流程"

    def ready(self) -> None:
        # The job handlers register themselves when their module is imported.
        from workflows import handlers  # noqa: F401
