"""常用语 that each department keeps for itself."""

from django.db import IntegrityError, transaction

from portal.accounts.errors import DomainError, NotYours
from portal.accounts.models import Actor, Department
from portal.affairs.department_models import Phrase
from portal.audit.services import record


def sentences(department: Department | int | None, use: Phrase.Use) -> tuple[str, ...]:
    """The phrases of one department for one use, oldest first."""
    return tuple(Phrase.objects.filter(department=department, use=use).values_list("text", flat=True))


@transaction.atomic
def add(department: Department, *, actor: Actor, use: Phrase.Use, text: str) -> Phrase:
    """Keep a sentence. Raises DomainError when it is empty or kept already."""
    _may_change(department, actor)
    phrase = Phrase(department=department, use=use, text=_required(text), changed_by=actor.user)
    _save(phrase)
    _note(phrase, actor, "phrase.add", "新增常用语", before="", after=phrase.text)
    return phrase


@transaction.atomic
def change(phrase: Phrase, *, actor: Actor, text: str) -> None:
    """Change a sentence; opinions written with it keep the old words."""
    _may_change(phrase.department, actor)
    before, phrase.text, phrase.changed_by = phrase.text, _required(text), actor.user
    _save(phrase)
    _note(phrase, actor, "phrase.change", "修改常用语", before=before, after=phrase.text)


@transaction.atomic
def remove(phrase: Phrase, *, actor: Actor) -> None:
    """Take a sentence off the list."""
    _may_change(phrase.department, actor)
    _note(phrase, actor, "phrase.remove", "删除常用语", before=phrase.text, after="")
    phrase.delete()


def _may_change(department: Department, actor: Actor) -> None:
    if actor.user is None or actor.user.department_id != department.pk:
        raise NotYours("只有本部门人员可以修改本部门的常用语。")


def _required(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise DomainError("请填写常用语。")
    return text


def _save(phrase: Phrase) -> None:
    try:
        with transaction.atomic():
            phrase.save()
    except IntegrityError:
        raise DomainError("本部门已经有这一句常用语。") from None


def _note(phrase: Phrase, actor: Actor, action: str, say: str, *, before: str, after: str) -> None:
    record(
        chain=f"department:{phrase.department.code}", author=actor.author, action=action,
        say=f"{say}（{phrase.get_use_display()}）", subject=phrase.department.code,
        before={"text": before}, after={"text": after},
    )  # fmt: skip
