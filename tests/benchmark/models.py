"""Where SpiffWorkflow's state lies between two steps."""

from django.db import models


class SpiffState(models.Model):
    """One process as its own serializer writes it."""

    state = models.TextField("状态")

    class Meta:
        app_label = "benchmark"

    def __str__(self) -> str:
        return f"SpiffWorkflow {self.pk}"
