"""好差评: what the person served says of the service (R79–R88)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.affairs.models import Affair


class Rating(models.Model):
    """One rating of one affair, five levels, without a default; silence is no rating (R79, R80, R85)."""

    class Level(models.IntegerChoices):
        VERY_SATISFIED = 5, "非常满意"
        SATISFIED = 4, "满意"
        FAIRLY_SATISFIED = 3, "基本满意"
        DISSATISFIED = 2, "不满意"
        VERY_DISSATISFIED = 1, "非常不满意"

    affair = models.OneToOneField(Affair, verbose_name="办件", on_delete=models.PROTECT, related_name="rating")
    level = models.PositiveSmallIntegerField("满意度", choices=Level)
    comment = models.TextField("评价内容", blank=True)
    channel = models.CharField("评价渠道", max_length=20, default="my")
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="评价人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    rated_at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = "评价"
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=5),
                name="feedback_five_levels",
                violation_error_message="请选择五级评价之一。",
            ),
            models.CheckConstraint(
                condition=Q(level__gte=3) | ~Q(comment=""),
                name="feedback_a_bad_rating_says_why",
                violation_error_message="评为“不满意”或“非常不满意”时，请写明原因，便于核实整改。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.affair} {self.get_level_display()}"

    @property
    def is_bad(self) -> bool:
        """差评: the last two of the five levels (R79)."""
        return self.level < self.Level.FAIRLY_SATISFIED
