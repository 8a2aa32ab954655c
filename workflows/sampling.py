"""Applicants that do not exist: valid answers, forms and files for ``simulate`` and for tests."""

import io
import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pikepdf
from django.core.files.base import ContentFile
from stdnum.cn import ric, uscc

from portal.accounts.models import Actor
from portal.affairs.intake import gate_key
from portal.affairs.materials import slots
from portal.affairs.models import Affair
from portal.catalogue.plan import Plan, next_question
from portal.catalogue.schema import Column, Field, OneThing
from workflows import commands

# A region prefix that is assigned to nobody, so that no real person is hit (R134).
_REGION = "410499"
_SURNAMES = "赵钱孙李周吴郑王冯陈"


def answers(one_thing: OneThing, rng: random.Random) -> dict[str, Any]:
    """Answer every question that is asked, at random, until none is left."""
    given: dict[str, Any] = {}
    while question := next_question(one_thing, given):
        options = [option.id for option in question.options]
        given[question.id] = (
            rng.sample(options, rng.randint(1, len(options))) if question.multi else rng.choice(options)
        )
    return given


def id_number(rng: random.Random) -> str:
    """A well-formed identity number of nobody."""
    born = date(1970, 1, 1) + timedelta(days=rng.randrange(12_000))
    body = f"{_REGION}{born:%Y%m%d}{rng.randrange(1000):03d}"
    return body + ric.calc_check_digit(body + "0")


def credit_code(rng: random.Random) -> str:
    """A well-formed unified social credit code of nobody."""
    body = f"91{_REGION}MA{rng.randrange(10**7):07d}"
    return body + uscc.calc_check_digit(body)


def value(field: Field | Column, rng: random.Random) -> str:
    """A valid value of a field's kind."""
    number = rng.randrange(10**5)
    return {
        "id_number": lambda: id_number(rng),
        "uscc": lambda: credit_code(rng),
        "mobile": lambda: f"138{rng.randrange(10**8):08d}",
        "plate": lambda: f"豫D{number:05d}",
        "number": lambda: str(rng.randint(1, 50)),
        "date": lambda: (date(2026, 1, 5) + timedelta(days=rng.randrange(300))).isoformat(),
        "choice": lambda: rng.choice(field.options),
    }.get(field.kind, lambda: f"示例{rng.choice(_SURNAMES)}{number:05d}")()


def form(fields: tuple[Field, ...], rng: random.Random) -> dict[str, Any]:
    """A complete, valid shared form."""
    filled: dict[str, Any] = {}
    for field in fields:
        if field.repeat:
            rows = [{column.id: value(column, rng) for column in field.columns} for _ in range(rng.randint(1, 3))]
            # The first column tells the rows apart.
            filled[field.id] = list({row[field.columns[0].id]: row for row in rows}.values())
        else:
            filled[field.id] = value(field, rng)
    return filled | {"electronic_consent": True, "post_address": "演示地址 1 号"}


def acknowledged(plan: Plan) -> dict[str, Any]:
    """Note taken of every warning that the answers raise."""
    return {"acknowledged": [gate_key(gate) for gate in plan.gates if gate.is_warning]}


def page(text: str) -> ContentFile:
    """A one-page PDF whose content differs by ``text``."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.docinfo["/Title"] = text
    out = io.BytesIO()
    pdf.save(out)
    return ContentFile(out.getvalue(), name=f"{text}.pdf")


def fill(affair: Affair, *, actor: Actor, rng: random.Random, given: Mapping[str, Any] | None = None) -> Affair:
    """Answer, fill in and attach everything that the draft needs, through the real commands."""
    affair = commands.save_draft(affair, actor=actor, answers=given or answers(affair.one_thing, rng))
    plan = affair.plan
    affair = commands.save_draft(affair, actor=actor, form=form(plan.fields, rng) | acknowledged(plan))
    for slot in slots(affair, plan):
        if not slot.is_satisfied:
            commands.attach_file(
                affair, actor=actor, material_code=slot.material.id, item=slot.item, upload=page(slot.label)
            )
    return affair
