"""Answers → plan, for every one-thing that the shared catalogue holds."""

from dataclasses import dataclass
from types import MappingProxyType

import pytest

from portal.catalogue.plan import Plan, asked, next_question, normalise, plan
from portal.catalogue.schema import Catalogue, Confidence, Need, load

pytestmark = pytest.mark.once

FREIGHT = MappingProxyType(
    {"lic": "no", "kind": "general", "mass": "any_gt_4500", "own": "owned", "heavy": "no", "agent": "self"}
    | {"staff": "yes", "seal": "yes", "tax": "yes"}
)
RESTAURANT = MappingProxyType(
    {"lic": "yes", "prepack": "no", "items": ("hot",), "gather": "yes", "firepledge": "pledge", "sign": "none"}
    | {"tobacco": "no", "fume": "no", "agent": "self"}
)
CHANGE = MappingProxyType({"what": ("name",), "haslic": ("none",), "staff": "yes", "fund": "yes", "agent": "self"})


@dataclass(frozen=True)
class Case:
    """edges: "a>b" b starts after a, "a=b" b decides after a. materials: of the plan, in order of first use."""

    one_thing: str
    answers: dict[str, object]
    matters: str
    edges: str = ""
    materials: str | None = None
    gates: str = ""
    legal: int | None = None
    promised: int | None = None
    can_file: bool = True


CASES = {
    "a new haulier gets everything at once": Case(
        "ysqy",
        {**FREIGHT},
        matters="qysl gzkz swxx sbdj hyxk clyyz",
        edges="qysl>gzkz qysl>swxx qysl>sbdj qysl=hyxk hyxk=clyyz",
        materials="djsqs zc gdzg rzwj zszm m_yyzz hysqb sfz_fzr cl_xsz cl_jc jsy_jsz jsy_cyzg aqzd",
        legal=23,
        promised=4,
    ),
    "an agent brings identity and authority once for all departments": Case(
        "ysqy",
        {**FREIGHT, "agent": "agent", "seal": "no", "tax": "no", "staff": "no", "own": "planned"},
        matters="qysl hyxk",
        edges="qysl=hyxk",
        materials="djsqs zc gdzg rzwj zszm sfz_jbr wts hysqb m_yyzz sfz_fzr cl_cns jsy_jsz jsy_cyzg aqzd",
        legal=23,
        promised=3,
    ),
    "a switched-off registration leaves no edge behind": Case(
        "ysqy",
        {**FREIGHT, "lic": "yes", "heavy": "yes"},
        matters="sbdj hyxk clyyz",
        edges="hyxk=clyyz",
        materials="m_yyzz hysqb sfz_fzr cl_xsz cl_jc jsy_jsz jsy_cyzg aqzd wxdw",
        legal=20,
        promised=4,
    ),
    "planned vehicles get no certificate yet": Case(
        "ysqy",
        {**FREIGHT, "lic": "yes", "own": "planned", "staff": "no"},
        matters="hyxk",
        materials="hysqb m_yyzz sfz_fzr cl_cns jsy_jsz jsy_cyzg aqzd",
        legal=20,
        promised=3,
    ),
    "special transport proves its equipment": Case(
        "ysqy",
        {**FREIGHT, "lic": "yes", "kind": "special", "own": "mixed", "staff": "no"},
        matters="hyxk clyyz",
        edges="hyxk=clyyz",
        materials="hysqb m_yyzz sfz_fzr cl_xsz cl_jc cl_cns jsy_jsz jsy_cyzg aqzd zysb",
        legal=20,
        promised=4,
    ),
    "light vehicles need no transport licence": Case(
        "ysqy",
        {**FREIGHT, "mass": "all_le_4500"},
        matters="qysl gzkz swxx sbdj",
        edges="qysl>gzkz qysl>swxx qysl>sbdj",
        materials="djsqs zc gdzg rzwj zszm m_yyzz",
        gates="NOT_REQUIRED",
        legal=3,
        promised=1,
    ),
    "light vehicles of a registered firm leave nothing to file": Case(
        "ysqy",
        {**FREIGHT, "lic": "yes", "mass": "all_le_4500", "staff": "no"},
        matters="",
        materials="",
        gates="NOT_REQUIRED",
        can_file=False,
    ),
    "dangerous goods belong to the city": Case(
        "ysqy",
        {**FREIGHT, "kind": "dangerous", "seal": "no", "tax": "no", "staff": "no"},
        matters="qysl",
        gates="OUT_OF_AUTHORITY",
        legal=3,
        promised=0,
    ),
    "a restaurant that pledges fire safety": Case(
        "cyd",
        {**RESTAURANT},
        matters="zzhy spxk xfjc",
        edges="zzhy>spxk zzhy>xfjc",
        materials="m_yyzz spsqs sfz_fzr bjlc xfcns xfzd xfpm",
        legal=10,
        promised=7,
    ),
    "a restaurant that has everything inspected": Case(
        "cyd",
        {**RESTAURANT, "firepledge": "ordinary", "sign": "large_ad", "tobacco": "yes"},
        matters="zzhy spxk xfjc_o hwgg yclsxk",
        edges="zzhy>spxk zzhy>xfjc_o zzhy>hwgg zzhy>yclsxk",
        materials="m_yyzz spsqs sfz_fzr bjlc xfsb xfzd xfpm ggsq zpxg ycsq",
        legal=20,
        promised=10,
    ),
    "pre-packed food is only put on record": Case(
        "cyd",
        {**RESTAURANT, "prepack": "yes", "gather": "no", "sign": "sign"},
        matters="zzhy ypbz zpgl",
        edges="zzhy>ypbz zzhy>zpgl",
        materials="m_yyzz zpxg",
        gates="NOT_REQUIRED",
        promised=2,
    ),
    "fumes in a residential building are warned of and do not block": Case(
        "cyd",
        {**RESTAURANT, "gather": "no", "fume": "yes", "residential": "yes"},
        matters="zzhy spxk",
        edges="zzhy>spxk",
        gates="WARN_PROHIBITED_SITE",
        legal=10,
        promised=7,
    ),
    "a new name goes round every department": Case(
        "qybg",
        {**CHANGE, "haslic": ("dlysxkz", "spjyxkz")},
        matters="bgdj gzbg swbg sbbg gjjbg yhbg dlbg spbg",
        edges="bgdj>gzbg bgdj>swbg bgdj>sbbg bgdj>gjjbg bgdj>yhbg bgdj=dlbg bgdj=spbg",
        materials="bgsqs bgjy zcxz m_yyzz yz_old xkz_old",
        legal=23,
        promised=4,
    ),
    "a new legal representative needs no new articles": Case(
        "qybg",
        {**CHANGE, "what": ("legal_rep",), "staff": "no", "fund": "no"},
        matters="bgdj gzbg swbg yhbg",
        edges="bgdj>gzbg bgdj>swbg bgdj>yhbg",
        materials="bgsqs bgjy rzwj m_yyzz yz_old",
        legal=3,
        promised=2,
    ),
    "a move within the district": Case(
        "qybg",
        {**CHANGE, "what": ("address",), "cross": "no", "haslic": ("dlysxkz",), "staff": "no", "fund": "no"},
        matters="bgdj swbg yhbg dlbg",
        edges="bgdj>swbg bgdj>yhbg bgdj=dlbg",
        materials="bgsqs bgjy zcxz zszm m_yyzz xkz_old",
        legal=23,
        promised=3,
    ),
    "a move to another district takes every dependant along": Case(
        "qybg",
        {**CHANGE, "what": ("address", "capital"), "cross": "yes"},
        matters="",
        materials="",
        gates="OUT_OF_AUTHORITY",
        can_file=False,
    ),
}


def edges_of(made: Plan) -> str:
    signs = {"start": ">", "decide": "="}
    return " ".join(
        f"{need.matter}{signs[need.kind]}{planned.matter.id}" for planned in made.matters for need in planned.needs
    )


@pytest.mark.parametrize("source", ["shared", "edition"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_answers_make_the_plan(case: Case, source: str, request: pytest.FixtureRequest) -> None:
    made = plan(request.getfixturevalue(source), case.one_thing, case.answers)  # type: ignore[arg-type]
    assert " ".join(planned.matter.id for planned in made.matters) == case.matters
    assert edges_of(made) == case.edges
    assert " ".join(gate.outcome for gate in made.gates) == case.gates
    assert (made.legal_total_wd, made.promised_total_wd) == (case.legal, case.promised)
    assert made.complete
    assert made.can_file == case.can_file
    if case.materials is not None:
        assert " ".join(planned.material.id for planned in made.materials) == case.materials


def test_a_result_of_an_earlier_matter_is_not_asked_for(edition: Catalogue) -> None:
    made = plan(edition, "ysqy", FREIGHT)
    provided = {planned.material.id: planned.provided_by for planned in made.materials}
    assert provided["m_yyzz"] == "matter:qysl"
    assert provided["djsqs"] == provided["hysqb"] == "form"
    assert provided["aqzd"] == ""
    already_registered = plan(edition, "ysqy", {**FREIGHT, "lic": "yes"})
    assert next(p for p in already_registered.materials if p.material.id == "m_yyzz").provided_by == ""


def test_one_material_serves_every_matter_that_uses_it(edition: Catalogue) -> None:
    made = plan(edition, "ysqy", {**FREIGHT, "agent": "agent"})
    power_of_attorney = next(planned for planned in made.materials if planned.material.id == "wts")
    assert power_of_attorney.matters == ("qysl", "hyxk")


def test_a_disabled_material_is_left_out(edition: Catalogue) -> None:
    assert not edition.materials["gzzd"].enabled
    assert "gzzd" not in plan(edition, "cyd", RESTAURANT).matter("spxk").materials


def test_stages_count_the_prerequisites_before_a_matter(edition: Catalogue) -> None:
    stages = {planned.matter.id: planned.stage for planned in plan(edition, "ysqy", FREIGHT).matters}
    assert stages == {"qysl": 0, "gzkz": 1, "swxx": 1, "sbdj": 1, "hyxk": 1, "clyyz": 2}


def test_a_draft_limit_keeps_its_mark(edition: Catalogue) -> None:
    made = plan(edition, "ysqy", FREIGHT)
    assert made.matter("hyxk").promised_confidence is Confidence.DRAFT
    assert made.matter("hyxk").promised_confidence.label == "待部门确认"
    assert made.matter("qysl").promised_confidence is Confidence.CONFIRMED


def test_a_matter_outside_the_plan_is_a_key_error(edition: Catalogue) -> None:
    with pytest.raises(KeyError, match="clyyz"):
        plan(edition, "ysqy", {**FREIGHT, "own": "planned"}).matter("clyyz")


def test_only_fields_that_the_answers_call_for_are_asked(edition: Catalogue) -> None:
    new = [field.id for field in plan(edition, "ysqy", FREIGHT).fields]
    assert "capital" in new
    assert not {"uscc", "agent_name", "agent_id"} & set(new)
    light = [field.id for field in plan(edition, "ysqy", {**FREIGHT, "lic": "yes", "mass": "all_le_4500"}).fields]
    assert "uscc" in light
    assert not {"vehicles", "drivers", "capital"} & set(light)


def test_a_one_thing_may_give_a_shared_field_its_own_label(edition: Catalogue) -> None:
    made = plan(edition, "qybg", {**CHANGE, "what": ("address",), "cross": "no"})
    labels = {field.id: field.label for field in made.fields}
    assert labels["address"] == "变更后的住所（经营场所）"
    assert edition.fields["address"].label == "住所（经营场所）"


def test_follow_ups_come_with_their_answers(edition: Catalogue) -> None:
    assert plan(edition, "ysqy", FREIGHT).follow_ups == ()
    assert [f.dept for f in plan(edition, "ysqy", {**FREIGHT, "own": "mixed"}).follow_ups] == ["jt"]


def test_a_conditional_question_is_asked_only_when_its_condition_holds(edition: Catalogue) -> None:
    one_thing = edition.one_things["ysqy"]
    assert [question.id for question in asked(one_thing, {})] == ["lic", "kind", "own", "heavy", "agent", "staff"]
    assert "mass" in [question.id for question in asked(one_thing, {"kind": "general"})]
    assert "seal" not in [question.id for question in asked(one_thing, {"lic": "yes"})]


def test_the_next_question_is_the_first_without_a_valid_answer(edition: Catalogue) -> None:
    one_thing = edition.one_things["ysqy"]
    assert next_question(one_thing, {"lic": "yes", "kind": "nonsense"}).id == "kind"  # type: ignore[union-attr]
    assert next_question(one_thing, {"lic": "yes", "kind": "general"}).id == "mass"  # type: ignore[union-attr]
    assert next_question(one_thing, FREIGHT) is None


def test_answers_of_questions_no_longer_asked_are_dropped(edition: Catalogue) -> None:
    one_thing = edition.one_things["ysqy"]
    assert "mass" not in normalise(one_thing, {**FREIGHT, "kind": "dangerous"})
    assert "seal" not in normalise(one_thing, {**FREIGHT, "lic": "yes"})
    assert normalise(one_thing, {"lic": ["yes"], "unknown": "x", "own": ["owned", "mixed"]}) == {"lic": "yes"}


def test_multiple_answers_take_the_order_of_the_question_and_none_excludes_the_rest(edition: Catalogue) -> None:
    one_thing = edition.one_things["qybg"]
    assert normalise(one_thing, {"what": ["capital", "name", "name"]}) == {"what": ("name", "capital")}
    assert normalise(one_thing, {"what": "scope"}) == {"what": ("scope",)}
    assert normalise(one_thing, {"haslic": ["none", "spjyxkz"]})["haslic"] == ("spjyxkz",)


def test_an_unfinished_plan_already_shows_what_is_sure(edition: Catalogue) -> None:
    made = plan(edition, "ysqy", {"lic": "no"})
    assert [planned.matter.id for planned in made.matters] == ["qysl"]
    assert not made.complete
    assert not made.can_file


CHAIN = """
[meta]
schema = "one-thing-catalogue/0.1"
jurisdiction = { code = "410403", name = "演示区" }
[[department]]
id = "d"
name = "演示局"
[[bundle]]
id = "chain"
name = "演示一件事"
lead = "d"
[[bundle.question]]
id = "q"
text = "问题"
options = ["all", "ends", "away"]
[[bundle.gate]]
when = [["q=away"]]
matter = "b"
outcome = "OUT_OF_AUTHORITY"
competent = "另一机关"
[[bundle.matter]]
id = "c"
name = "丙"
dept = "d"
kind = "登记"
type = "承诺"
legal_wd = 20
needs = [{ matter = "b", kind = "decide" }]
[[bundle.matter]]
id = "b"
name = "乙"
dept = "d"
kind = "登记"
type = "承诺"
legal_wd = 20
when = [["q=all"], ["q=away"]]
needs = [{ matter = "a", kind = "KIND" }]
[[bundle.matter]]
id = "a"
name = "甲"
dept = "d"
kind = "登记"
type = "承诺"
legal_wd = 20
"""


@pytest.mark.parametrize(("kind", "contracted"), [("decide", "decide"), ("start", "start")])
def test_an_edge_over_a_switched_off_matter_is_decide_only_when_each_part_is(tmp_path, kind, contracted) -> None:
    file = tmp_path / "chain.toml"
    file.write_text(CHAIN.replace("KIND", kind), encoding="utf-8")
    catalogue = load(file)
    assert [planned.matter.id for planned in plan(catalogue, "chain", {"q": "all"}).matters] == ["a", "b", "c"]
    made = plan(catalogue, "chain", {"q": "ends"})
    assert [planned.matter.id for planned in made.matters] == ["a", "c"]
    assert made.matter("c").needs == (Need("a", contracted),)


def test_the_joint_limit_is_45_working_days(tmp_path) -> None:
    file = tmp_path / "chain.toml"
    file.write_text(CHAIN.replace("KIND", "start"), encoding="utf-8")
    catalogue = load(file)
    assert plan(catalogue, "chain", {"q": "all"}).legal_total_wd == 45
    assert plan(catalogue, "chain", {"q": "ends"}).legal_total_wd == 40
    assert [planned.matter.id for planned in plan(catalogue, "chain", {"q": "away"}).matters] == ["a"]
