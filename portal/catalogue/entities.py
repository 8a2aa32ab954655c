"""What a catalogue edition says, as frozen values: departments, materials, and the one-things made of matters.

Units stand in the names: `_wd` working days, `_nd` calendar days. `status` texts carry the source mark of the fact
(V law read, v secondary page, K knowledge, D draft); `confidence` turns a mark into what a screen must show.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from portal.catalogue.citations import in_words
from portal.catalogue.sources import Sources

REMEDY_UNCONFIRMED = "CONFIRM"


class Confidence(StrEnum):
    """How far a fact is verified; `label` is the mark that screens and papers must show beside it."""

    CONFIRMED = "confirmed"
    SECONDARY = "secondary"
    DRAFT = "draft"

    @property
    def label(self) -> str:
        return {"confirmed": "", "secondary": "据公开资料", "draft": "待部门确认"}[self.value]


_DRAFT_MARK = re.compile(r"(?<![A-Za-z0-9])[KD](?![A-Za-z0-9])")
_SECONDARY_MARK = re.compile(r"(?<![A-Za-z0-9])v(?![A-Za-z0-9])")
_LAW_MARK = re.compile(r"(?<![A-Za-z0-9])V(?![A-Za-z0-9])")
_ASIDE = re.compile(r"\([^)]*\)|（[^）]*）")


def confidence(status: str) -> Confidence:
    """The weakest mark of a status text such as "v GL; deferral D". No text means nothing is in doubt."""
    if not status.strip():
        return Confidence.CONFIRMED
    if _DRAFT_MARK.search(status):
        return Confidence.DRAFT
    marks = _ASIDE.sub("", status)
    if _SECONDARY_MARK.search(marks):
        return Confidence.SECONDARY
    return Confidence.CONFIRMED if _LAW_MARK.search(marks) else Confidence.DRAFT


class Term(NamedTuple):
    """One answer that must have been given: "question=option"."""

    question: str
    option: str


Condition = tuple[tuple[Term, ...], ...]
"""OR of ANDs; the empty tuple always holds."""


@dataclass(frozen=True, slots=True)
class Department:
    """An authority or public service body. implied: only named as the issuer of a licence, takes no part here."""

    id: str
    name: str
    remedy: str = ""
    vertical: bool = False
    public_service: bool = False
    phone: str = ""
    complaint_phone: str = ""
    implied: bool = False

    @property
    def confirmed_remedy(self) -> str:
        """复议机关 for refusals (R34), or "" while the department has not confirmed it."""
        return "" if self.remedy == REMEDY_UNCONFIRMED else self.remedy


@dataclass(frozen=True, slots=True)
class Licence:
    """An e-licence that replaces paper. trust: grades A to D (R42)."""

    id: str
    name: str
    issuer: str
    trust: str = "A"
    basis: str = ""
    valid_years: int | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list field. kind: text, number, date, choice, id_number, plate or mobile."""

    id: str
    label: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    required: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A datum asked once for the whole affair (R41, R52).

    kind: text, textarea, number, date, choice, uscc, id_number, mobile or rows. check: "R133", "R134" or "".
    """

    id: str
    label: str
    from_licence: str = ""
    check: str = ""
    sensitive: bool = False
    repeat: bool = False
    options: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = True
    help: str = ""
    columns: tuple[Column, ...] = ()
    step: str = "business"


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form."""

    id: str
    title: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A paper that the applicant writes, as a form to fill in: its lines are the material's `must_contain`.

    addressee: a department id or a name. opening, closing: paragraphs before and after the lines. signatures: who
    signs. status: source mark of the wording.
    """

    opening: tuple[str, ...]
    addressee: str = ""
    closing: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """A document of an application. source: applicant, government, third_party or in_bundle (an earlier result).

    exempt_by: the e-licence that makes the paper unnecessary (R41). defer_wd: time to supply when deferred (R63).
    per: "" once for the affair, else once for each row of the list ("vehicle", "driver").
    blank: the form to fill in; sample: what a made-up applicant writes in each of its lines.
    """

    id: str
    name: str
    source: str
    form: tuple[str, ...] = ()
    copies: int = 1
    main: bool = False
    deferrable: bool = False
    defer_wd: int | None = None
    pledge: bool = False
    pledge_note: str = ""
    post_check_wd: int | None = None
    exempt_by: str = ""
    per: str = ""
    generated_from_form: bool = False
    must_contain: tuple[str, ...] = ()
    note: str = ""
    enabled: bool = True
    status: str = ""
    blank: BlankForm | None = None
    sample: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MaterialUse:
    id: str
    when: Condition = ()


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    options: tuple[Option, ...]
    multi: bool = False
    ask_when: Condition = ()
    help: str = ""

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options)


NOT_REQUIRED = "NOT_REQUIRED"
OUT_OF_AUTHORITY = "OUT_OF_AUTHORITY"


@dataclass(frozen=True, slots=True)
class Gate:
    """An answer that closes a matter: no licence needed (R1), another authority's (R2); or a warning (WARN_…).

    matter None: the whole one-thing. competent: a department id or the name of an authority outside the catalogue.
    """

    when: Condition
    matter: str | None
    outcome: str
    say: str = ""
    competent: str = ""
    basis: str = ""

    @property
    def is_warning(self) -> bool:
        return self.outcome.startswith("WARN_")

    @property
    def basis_in_words(self) -> str:
        return in_words(self.basis)


@dataclass(frozen=True, slots=True)
class Need:
    """A prerequisite. kind: start (the clock starts at the earlier result, R48) or decide (pre-review, R49)."""

    matter: str
    kind: str


IMMEDIATE = "即办"
PROMISED = "承诺"
SIGNED_BY_HEAD = "head"


@dataclass(frozen=True, slots=True)
class Matter:
    """One department's part of a one-thing. type: 即办 or 承诺 (R89). result: a licence id or a text.

    sign_off: "head" where a head of the department signs what an officer proposes, else "".
    """

    id: str
    name: str
    dept: str
    kind: str
    type: str
    code: str = ""
    code_status: str = ""
    legal_wd: int | None = None
    legal_nd: int | None = None
    legal_extend_wd: int | None = None
    legal_status: str = ""
    legal_note: str = ""
    promised_wd: int | None = None
    promised_status: str = ""
    basis: str = ""
    when: Condition = ()
    needs: tuple[Need, ...] = ()
    needs_alternative: str = ""
    materials: tuple[MaterialUse, ...] = ()
    result: str = ""
    service_wd: int | None = None
    per: str = ""
    pledge_route: bool = False
    pledge_scope: str = ""
    post_check_wd: int | None = None
    post_check_status: str = ""
    rectify_notice_wd: int | None = None
    recheck_wd: int | None = None
    deferral: bool = False
    site_visit: str = ""
    inspectors_min: int = 2
    sign_off: str = ""
    apply_within_nd: int | None = None
    renew_window_wd: tuple[int, int] | None = None
    note: str = ""

    @property
    def is_licence(self) -> bool:
        """Whether the licensing law's documents and limits apply."""
        return self.kind.startswith("行政许可")

    @property
    def is_signed_by_head(self) -> bool:
        """Whether the officer proposes and a head of the department decides (两级签发)."""
        return self.sign_off == SIGNED_BY_HEAD

    @property
    def is_immediate(self) -> bool:
        return self.type == IMMEDIATE

    @property
    def basis_in_words(self) -> str:
        """The laws and articles that `basis` names, for papers; "" when none is known."""
        return in_words(self.basis)

    def result_licence(self, catalogue: "Catalogue") -> Licence | None:
        """The licence that this matter grants; None when the result is only described."""
        return catalogue.licences.get(self.result)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the applicant still owes after the end."""

    text: str
    when: Condition = ()
    due: str = ""
    dept: str = ""


@dataclass(frozen=True, slots=True)
class JointVisit:
    """Matters whose site visits are made together (R51)."""

    among: tuple[str, ...]
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Faq:
    """A question that people ask about a one-thing, with its answer. status: source mark of the answer."""

    question: str
    answer: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """The field is asked only when the condition holds; fields without a rule are always asked.

    label: what the shared field is called in this one-thing; "" keeps its own label.
    """

    field: str
    when: Condition
    label: str = ""


WHO = {"enterprise": "企业", "individual": "个体工商户", "person": "个人"}
"""Who one may be, for finding a one-thing."""


@dataclass(frozen=True, slots=True)
class OneThing:
    """A one-thing (一件事): questions whose answers choose the matters. fee: 元; above 0 it needs fee_basis (R28).

    who: keys of WHO; life_events: occasions such as “开办企业”, in words.
    """

    id: str
    name: str
    subject: str = ""
    lead: str = ""
    list: str = ""
    list_status: str = ""
    composition_status: str = ""
    seed_example: bool = False
    fee: int = 0
    fee_basis: str = ""
    promised_total_wd: int | None = None
    fields: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    gates: tuple[Gate, ...] = ()
    matters: tuple[Matter, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    joint_visits: tuple[JointVisit, ...] = ()
    field_rules: tuple[FieldRule, ...] = ()
    summary: str = ""
    audience: str = ""
    keywords: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    faqs: tuple[Faq, ...] = ()


@dataclass(frozen=True, slots=True)
class Meta:
    schema: str
    jurisdiction_code: str
    jurisdiction_name: str
    jurisdiction_status: str = ""
    as_of: date | None = None
    legal_note: str = ""
    lints: tuple[str, ...] = ()
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One edition. The mappings are read-only, keyed by id, in file order; steps stand in the order of the form.

    synonyms: groups of words that people use for the same thing.
    """

    meta: Meta
    departments: Mapping[str, Department]
    licences: Mapping[str, Licence]
    fields: Mapping[str, Field]
    steps: Mapping[str, Step]
    materials: Mapping[str, Material]
    one_things: Mapping[str, OneThing]
    raw: dict[str, Any] = field(compare=False, repr=False)
    sources: Sources = field(compare=False, repr=False)
    synonyms: tuple[tuple[str, ...], ...] = ()

    def authority_name(self, ref: str) -> str:
        """The name behind a gate's `competent`, which is a department id or already a name."""
        department = self.departments.get(ref)
        return department.name if department else ref

    def rows_field(self, per: str) -> Field | None:
        """The list field whose rows a `per = "vehicle"` counts: `vehicles` (or a field of that very id)."""
        for field_id in (f"{per}s", per):
            found = self.fields.get(field_id)
            if found is not None and found.repeat:
                return found
        return None
