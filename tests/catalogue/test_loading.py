"""What a file means once it is loaded: defaults, derived values, merged directories."""

from datetime import date
from pathlib import Path

import pytest

from portal.catalogue.schema import (
    Catalogue,
    CatalogueError,
    Column,
    Confidence,
    Need,
    Option,
    Term,
    confidence,
    from_raw,
    load,
)

pytestmark = pytest.mark.once


def test_a_file_in_todays_format_loads_unchanged(shared: Catalogue) -> None:
    assert list(shared.one_things) == ["ysqy", "cyd", "qybg"]
    assert shared.meta.jurisdiction_name == "平顶山市卫东区"
    assert shared.meta.as_of == date(2026, 11, 22)
    assert shared.meta.edition == ""
    licence = shared.one_things["ysqy"].matters[4]
    assert (licence.id, licence.legal_wd, licence.legal_extend_wd, licence.promised_wd) == ("hyxk", 20, 10, 3)
    assert licence.needs == (Need("qysl", "decide"),)
    assert licence.when[0] == (Term("kind", "general"), Term("mass", "any_gt_4500"))
    assert licence.is_licence
    assert licence.result_licence(shared) is shared.licences["dlysxkz"]
    assert shared.one_things["cyd"].matters[1].renew_window_wd == (90, 15)


def test_the_edition_keeps_every_fact_of_the_shared_file(shared: Catalogue, edition: Catalogue) -> None:
    """Texts may be re-worded and keys added; limits, conditions, edges, marks and references may not change."""
    worded = {"name", "label", "text", "say", "options", "labels", "list", "help", "fields", "remedy_status"}

    def facts(table: object, path: str = "") -> dict[str, object]:
        if isinstance(table, dict):
            return {p: v for key, value in table.items() for p, v in facts(value, f"{path}.{key}").items()}
        if isinstance(table, list) and table and isinstance(table[0], dict):
            named = [(item.get("id", item.get("outcome", index)), item) for index, item in enumerate(table)]
            return {p: v for name, item in named for p, v in facts(item, f"{path}[{name}]").items()}
        return {} if path.rsplit(".", 1)[-1] in worded else {path: table}

    ours = facts(edition.raw)
    missing = {path: value for path, value in facts(shared.raw).items() if ours.get(path) != value}
    assert missing == {}
    for one_thing in shared.one_things.values():
        assert set(one_thing.fields) <= set(edition.one_things[one_thing.id].fields)
        for question, same in zip(one_thing.questions, edition.one_things[one_thing.id].questions, strict=True):
            assert question.option_ids == same.option_ids


def test_an_issuer_given_by_name_is_an_implied_department(shared: Catalogue) -> None:
    assert shared.licences["jhz"].issuer == "民政局"
    assert shared.departments["民政局"].implied
    assert not shared.departments["ga"].implied


def test_kind_and_step_of_a_field_are_derived_when_the_file_is_silent(shared: Catalogue) -> None:
    kinds = {field.id: (field.kind, field.step) for field in shared.fields.values()}
    assert kinds["uscc"] == ("uscc", "subject")
    assert kinds["legal_rep_id"] == ("id_number", "people")
    assert kinds["mobile"] == ("mobile", "people")
    assert kinds["delivery"] == ("choice", "delivery")
    assert kinds["vehicles"] == ("rows", "vehicles")
    assert kinds["employees"] == ("text", "business")
    assert list(shared.steps) == ["subject", "people", "vehicles", "drivers", "business", "delivery"]
    assert shared.steps["vehicles"].title == "车辆信息"


def test_columns_are_read_from_the_brackets_of_the_label(shared: Catalogue, edition: Catalogue) -> None:
    assert [column.label for column in shared.fields["drivers"].columns] == [
        "姓名",
        "身份号码",
        "准驾车型",
        "从业资格证号",
    ]
    assert shared.fields["drivers"].columns[0] == Column("c1", "姓名")
    assert [column.kind for column in edition.fields["vehicles"].columns] == [
        "plate",
        "text",
        "number",
        "number",
        "choice",
        "date",
    ]


def test_options_without_labels_get_well_known_words(shared: Catalogue) -> None:
    questions = {question.id: question for question in shared.one_things["qybg"].questions}
    assert questions["staff"].options == (Option("yes", "是"), Option("no", "否"))
    assert questions["haslic"].options[1] == Option("dlysxkz", "道路运输经营许可证")
    assert questions["what"].options[0] == Option("name", "name")


def test_our_edition_labels_every_option_and_explains_every_question(edition: Catalogue) -> None:
    for one_thing in edition.one_things.values():
        assert one_thing.summary
        assert one_thing.audience
        assert one_thing.keywords
        for question in one_thing.questions:
            assert question.help, question.id
            assert question.text.endswith(("？", "？（可多选）"))
            assert not [option.label for option in question.options if option.label.isascii()]


def test_departments_show_only_invented_telephones(edition: Catalogue) -> None:
    for department in edition.departments.values():
        if not department.implied:
            assert department.phone.endswith("（演示）")
            assert department.complaint_phone.endswith("（演示）")


def test_an_unconfirmed_remedy_is_never_taken_for_an_authority(edition: Catalogue) -> None:
    assert edition.departments["ga"].remedy == "CONFIRM"
    assert edition.departments["ga"].confirmed_remedy == ""
    assert edition.departments["scjg"].confirmed_remedy == "卫东区人民政府"


def test_the_competent_authority_has_a_name_with_or_without_an_id(edition: Catalogue) -> None:
    assert edition.authority_name("jt_city") == "市交通运输局"
    assert edition.authority_name("迁入地登记机关") == "迁入地登记机关"


def test_per_vehicle_counts_the_rows_of_the_list_of_vehicles(edition: Catalogue) -> None:
    assert edition.rows_field("vehicle") is edition.fields["vehicles"]
    assert edition.rows_field("ship") is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("V DJTL16", Confidence.CONFIRMED),
        ("V HN39: at once, at most 1", Confidence.CONFIRMED),
        ("V XFF15 (on the spot v XFGZ)", Confidence.CONFIRMED),
        ("", Confidence.CONFIRMED),
        ("v GF8", Confidence.SECONDARY),
        ("V XFF15 (10); v HJ (3)", Confidence.SECONDARY),
        ("v GL; deferral D", Confidence.DRAFT),
        ("V/v; post_check D", Confidence.DRAFT),
        ("D (seed: fastest a few hours)", Confidence.DRAFT),
        ("K-med (办法2023); GL states 15", Confidence.DRAFT),
        ("K", Confidence.DRAFT),
        ("unclear", Confidence.DRAFT),
    ],
)
def test_the_weakest_mark_decides_how_sure_a_fact_is(status: str, expected: Confidence) -> None:
    assert confidence(status) is expected


def test_files_of_a_directory_are_one_edition_in_name_order(tmp_path: Path) -> None:
    (tmp_path / "00.toml").write_text(
        '[meta]\nschema = "one-thing-catalogue/0.1"\njurisdiction = { code = "1", name = "甲" }\n'
        '[[department]]\nid = "a"\nname = "甲局"\n',
        encoding="utf-8",
    )
    (tmp_path / "10.toml").write_text('[[department]]\nid = "b"\nname = "乙局"\n', encoding="utf-8")
    assert list(load(tmp_path).departments) == ["a", "b"]

    (tmp_path / "20.toml").write_text('\n[[department]]\nid = "a"\nname = "又一个"\n', encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == ["格式 部门 a（20.toml:3）：id“a”重复。"]


def test_a_key_of_meta_may_stand_in_one_file_only(tmp_path: Path) -> None:
    for name in ("00.toml", "10.toml"):
        (tmp_path / name).write_text('[meta]\nedition = "1"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match="edition"):
        load(tmp_path)


def test_a_catalogue_survives_the_way_through_its_raw_form(edition: Catalogue) -> None:
    assert from_raw(edition.raw) == edition


def test_a_catalogue_cannot_be_changed(edition: Catalogue) -> None:
    with pytest.raises(TypeError):
        edition.departments["x"] = edition.departments["ga"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        edition.one_things["ysqy"].fee = 1  # type: ignore[misc]


def test_an_edition_without_synonyms_answers_or_forms_has_none(shared: Catalogue) -> None:
    one_thing = shared.one_things["ysqy"]
    assert (shared.synonyms, one_thing.faqs, one_thing.who, one_thing.life_events) == ((), (), (), ())
    assert all(material.blank is None and not material.sample for material in shared.materials.values())


def test_our_edition_answers_questions_for_every_one_thing(edition: Catalogue) -> None:
    assert all(len(one_thing.faqs) >= 4 for one_thing in edition.one_things.values())
    assert all(one_thing.who and one_thing.life_events for one_thing in edition.one_things.values())


def test_a_form_to_fill_in_has_its_lines_from_what_the_paper_must_contain(edition: Catalogue) -> None:
    pledge = edition.materials["cl_cns"]
    assert pledge.blank is not None
    assert edition.authority_name(pledge.blank.addressee) == "交通运输局"
    assert {line for line, _value in pledge.sample} == set(pledge.must_contain)
    assert confidence(pledge.blank.status) is Confidence.DRAFT


_PLEDGE = 'id = "cl_cns"'


@pytest.mark.parametrize(
    ("old", "new", "append", "say"),
    [
        ("", "", '\n[[synonym]]\nwords = ["饭店"]\n', "同义词至少要有两个"),
        ('id = "zc"', 'id = "zc"\nblank = { opening = ["兹有："] }', "", "空白表样的栏目来自 must_contain"),
        (_PLEDGE, f'{_PLEDGE}\nblank = {{ closing = ["完。"] }}', "", "空白表样缺少正文"),
        (_PLEDGE, f'{_PLEDGE}\nblank = {{ opening = ["兹"], addressee = "nobody" }}', "", "不存在的部门“nobody”"),
        (_PLEDGE, f'{_PLEDGE}\nsample = {{ "类型" = "厢式" }}', "", "有示例而没有空白表样"),
        (_PLEDGE, f'{_PLEDGE}\nblank = {{ opening = ["兹"] }}\nsample = {{ "颜色" = "红" }}', "", "不存在的栏目“颜色”"),
        ('subject = "enterprise"', 'subject = "enterprise"\nwho = ["ghost"]', "", "“who”的值“ghost”"),
    ],
)
def test_a_faulty_addition_is_named(breaches, old: str, new: str, append: str, say: str) -> None:
    assert any(say in problem.say for problem in breaches(old, new, append=append))
