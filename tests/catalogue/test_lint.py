"""One broken file for each rule: what is reported, under which rule, and where."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.catalogue.lint import lint, lint_path
from portal.catalogue.schema import Catalogue, Problem

pytestmark = pytest.mark.once

Breaches = Callable[..., list[Problem]]

AQZD = (
    'id = "aqzd"\nname = "安全生产管理制度文本"\nsource = "applicant"\nform = ["original", "electronic"]\ncopies = 1\n'
)
HYXK = '  id = "hyxk"\n  name = "道路货物运输经营许可"\n  dept = "jt"\n  kind = "行政许可"\n  type = "承诺"\n'
QUESTION_OWN = '  id = "own"\n  text = "车辆是否已经购置"\n'
GATE_LIGHT = '  when = [["kind=general", "mass=all_le_4500"]]\n  matter = "hyxk"\n  outcome = "NOT_REQUIRED"'


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_the_shared_file_and_our_edition_are_clean(shared_path: Path, edition_path: Path) -> None:
    assert lint_path(shared_path) == []
    assert lint_path(edition_path) == []


def test_a_loaded_catalogue_can_be_linted(edition: Catalogue) -> None:
    assert lint(edition) == []


@pytest.mark.parametrize(
    ("rule", "names", "old", "new"),
    [
        ("R2", "gate", '  competent = "jt_city"\n', ""),
        ("R8", "aqzd", 'name = "安全生产管理制度文本"', 'name = "安全生产管理制度等材料"'),
        ("R8", "aqzd", "安全生产监督检查制度", "其他制度"),
        ("R8", "hyxk", 'name = "道路货物运输经营许可"', 'name = "道路运输有关许可"'),
        ("R14", "spxk", "inspectors_min = 2", "inspectors_min = 1"),
        ("R28", "ysqy", "fee = 0", "fee = 100"),
        (
            "R39",
            "hyxk",
            'promised_wd = 3\n  promised_status = "D (seed',
            'promised_wd = 21\n  promised_status = "D (seed',
        ),
        ("R57", "aqzd", AQZD + "main = false", AQZD + "main = true"),
        ("R59", "clyyz", '  per = "vehicle"\n  needs', '  per = "vehicle"\n  deferral = true\n  needs'),
        ("R71", "aqzd", AQZD, AQZD + "pledge = true\npost_check_wd = 20\n"),
        ("R76", "xfjc", "  pledge_route = true\n  post_check_wd = 20\n", "  pledge_route = true\n"),
        ("R76", "zszm", "post_check_wd = 40\nstatus", "status"),
    ],
)
def test_a_breach_is_reported_with_its_rule_and_its_place(
    breaches: Breaches, rule: str, names: str, old: str, new: str
) -> None:
    problem = only(breaches(old, new))
    assert problem.rule == rule
    assert names.replace("gate", "关口") in problem.where
    assert "broken.toml:" in problem.where


def test_supply_later_than_the_promise_is_a_breach_of_each_such_matter(breaches: Breaches) -> None:
    problem = only(
        breaches(f"{AQZD}main = false\ndeferrable = true\ndefer_wd = 3", f"{AQZD}deferrable = true\ndefer_wd = 4")
    )
    assert (problem.rule, "aqzd" in problem.where) == ("R63", True)
    assert "4 个工作日" in problem.say
    assert "3 个工作日" in problem.say


def test_an_immediate_matter_is_not_deferral_eligible_so_its_promise_does_not_bind_the_supply(
    shared: Catalogue,
) -> None:
    assert shared.one_things["ysqy"].matters[0].is_immediate
    assert shared.materials["wts"].defer_wd == 3
    assert lint(shared) == []


def test_a_cycle_is_named_whole(breaches: Breaches) -> None:
    problem = only(
        breaches(
            '  when = [["lic=no"]]\n  needs = []',
            '  when = [["lic=no"]]\n  needs = [{ matter = "clyyz", kind = "start" }]',
        )
    )
    assert problem.rule == "R50"
    assert "qysl → clyyz → hyxk → qysl" in problem.say


@pytest.mark.parametrize(("published", "clean"), [(4, True), (3, False)])
def test_the_critical_path_must_fit_the_published_total(breaches: Breaches, published: int, clean: bool) -> None:
    found = breaches("seed_example = true", f"promised_total_wd = {published}")
    assert (found == []) == clean
    if not clean:
        assert only(found).rule == "R39"
        assert "关键路径" in only(found).say


@pytest.mark.parametrize(
    ("old", "new", "unknown"),
    [
        ('lead = "jt"', 'lead = "jtt"', "jtt"),
        ('  dept = "jt"\n  kind = "行政许可"\n', '  dept = "jtt"\n  kind = "行政许可"\n', "jtt"),
        ('issuer = "scjg"', 'issuer = "scjgg"', "scjgg"),
        ('from = "yyzz"', 'from = "yyz"', "yyz"),
        ('exempt_by = "sfz"', 'exempt_by = "sfzz"', "sfzz"),
        ('fields = ["entity_name", "uscc"', 'fields = ["entity_name", "usc"', "usc"),
        ('{ id = "aqzd" }', '{ id = "aqzdd" }', "aqzdd"),
        ('needs = [{ matter = "hyxk"', 'needs = [{ matter = "hyxkk"', "hyxkk"),
        ('matter = "hyxk"\n  outcome = "NOT', 'matter = "hyxkk"\n  outcome = "NOT', "hyxkk"),
        ('competent = "jt_city"', 'competent = "jt_prov"', "jt_prov"),
        ('result = "dlysz"', 'result = "dlyszz"', "dlyszz"),
        ('among = ["spxk"', 'among = ["spxkk"', "spxkk"),
        ('due = "承诺书载明的投入时间"\n  dept = "jt"', 'due = "承诺书载明的投入时间"\n  dept = "jtt"', "jtt"),
        ('ask_when = [["kind=general"]]', 'ask_when = [["kinds=general"]]', "kinds"),
        ('ask_when = [["kind=general"]]', 'ask_when = [["kind=generall"]]', "kind=generall"),
    ],
)
def test_an_unknown_reference_is_named(breaches: Breaches, old: str, new: str, unknown: str) -> None:
    found = breaches(old, new)
    assert any(unknown in problem.say and problem.rule == "格式" for problem in found), [str(p) for p in found]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "aqzd"', 'id = "wts"'),
        ('[[department]]\nid = "jt"', '[[department]]\nid = "scjg"'),
        ('  id = "own"', '  id = "kind"'),
        ('  id = "clyyz"', '  id = "hyxk"'),
        ('options = ["owned", "planned", "mixed"]', 'options = ["owned", "planned", "mixed", "mixed"]'),
        ('{ id = "aqzd" }', '{ id = "jsy_jsz" }'),
    ],
)
def test_a_repeated_id_is_reported(breaches: Breaches, old: str, new: str) -> None:
    assert any("重复" in problem.say for problem in breaches(old, new))


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ('[["lic=no", "lic=yes"]]', "没有一种回答"),
        ('[["mass=all_le_4500", "kind=special"]]', "没有一种回答"),
        ('[["tax=yes"]]', "后面的问题"),
        ('[["own=owned"]]', "自己"),
    ],
)
def test_a_question_that_can_never_be_asked_is_reported(breaches: Breaches, condition: str, why: str) -> None:
    found = breaches(QUESTION_OWN, f"{QUESTION_OWN}  ask_when = {condition}\n")
    problem = next(problem for problem in found if "永远问不到" in problem.say)
    assert "own" in problem.where
    assert why in problem.say


def test_a_question_that_hangs_on_an_unreachable_one_is_reported_too(breaches: Breaches) -> None:
    found = breaches('  ask_when = [["kind=general"]]', '  ask_when = [["kind=general", "kind=special"]]')
    assert any("mass" in problem.where and "永远问不到" in problem.say for problem in found)
    assert any("关口" in problem.where and "永远不会成立" in problem.say for problem in found)


@pytest.mark.parametrize("when", ['[["kind=general", "kind=special"]]', '[["kind=special", "mass=all_le_4500"]]'])
def test_a_gate_that_can_never_hold_is_reported(breaches: Breaches, when: str) -> None:
    problem = only(breaches('  when = [["kind=dangerous"]]', f"  when = {when}"))
    assert "永远不会成立" in problem.say
    assert "关口 第 2 项" in problem.where


def test_a_material_that_its_matter_can_never_use_is_reported(breaches: Breaches) -> None:
    problem = only(breaches('{ id = "aqzd" }', '{ id = "aqzd", when = [["kind=dangerous"]] }'))
    assert "hyxk" in problem.where
    assert "aqzd" in problem.where


@pytest.mark.parametrize("when", ['[["kind=general"]]', '[["own=owned"]]'])
def test_gates_that_can_both_hold_may_not_say_opposite_things(breaches: Breaches, when: str) -> None:
    problem = only(breaches('  when = [["kind=dangerous"]]', f"  when = {when}"))
    assert problem.rule == "R1/R2"
    assert "结论相反" in problem.say


def test_two_competent_authorities_for_one_matter_contradict(breaches: Breaches) -> None:
    problem = only(
        breaches(
            GATE_LIGHT,
            GATE_LIGHT.replace("NOT_REQUIRED", "OUT_OF_AUTHORITY")
            .replace("general", "dangerous", 1)
            .replace(', "mass=all_le_4500"', "")
            + '\n  competent = "省交通运输厅"',
        )
    )
    assert problem.rule == "R2"
    assert "省交通运输厅" in problem.say


def test_the_competent_authority_is_another_one(breaches: Breaches) -> None:
    problem = only(breaches('competent = "jt_city"', 'competent = "jt"'))
    assert (problem.rule, "前后矛盾" in problem.say) == ("R2", True)


def test_a_gate_without_condition_closes_its_matter_for_ever(breaches: Breaches) -> None:
    found = breaches('  when = [["kind=dangerous"]]\n', "")
    assert any("永远不能办理" in problem.say for problem in found)


def test_a_misspelt_key_is_reported_and_a_new_one_is_not(breaches: Breaches) -> None:
    problem = only(breaches("  promised_wd = 3\n", "  promissed_wd = 3\n"))
    assert "promised_wd" in problem.say
    assert "hyxk" in problem.where
    assert breaches("seed_example = true", 'seed_example = true\npublicity_url = "https://example.invalid"') == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  promised_wd = 3\n", '  promised_wd = "3"\n', "整数"),
        ("  promised_wd = 3\n", "  promised_wd = -3\n", "负数"),
        ("  promised_wd = 3\n", "  promised_wd = true\n", "整数"),
        ("  deferral = true\n", '  deferral = "yes"\n', "true 或 false"),
        ("deferrable = true", "deferrable = 1", "true 或 false"),
        ('  type = "承诺"\n', '  type = "当场"\n', "即办、承诺"),
        ('source = "applicant"', 'source = "someone"', "in_bundle"),
        ('form = ["electronic", "original"]', 'form = ["paper"]', "electronic、original、copy"),
        ('trust = "A"', 'trust = "E"', "A、B、C、D"),
        ('outcome = "NOT_REQUIRED"', 'outcome = "NOT_NEEDED"', "NOT_REQUIRED、OUT_OF_AUTHORITY、WARN_"),
        ('kind = "decide" }]     # law', 'kind = "end" }]     # law', "start、decide"),
        ('name = "委托书"\n', "", "缺少“name”"),
        ('when = [["lic=no"]]', 'when = ["lic=no"]', "两层数组"),
        ('when = [["lic=no"]]', 'when = [["lic"]]', "问题=选项"),
        ('id = "aqzd"', 'id = "安全 制度"', "字母、数字"),
        ('schema = "one-thing-catalogue/0.1"', 'schema = "one-thing-catalogue/9"', "schema"),
        ('as_of = "2026-11-22"', 'as_of = "去年"', "日期"),
        ("renew_window_wd = [90, 15]", "renew_window_wd = [90]", "两个整数"),
        (
            'label = "车辆明细(号牌、类型、总质量kg、轴数、是否牵引车、投入时间)"',
            'label = "车辆明细"',
            "明细字段须写明列",
        ),
        ('  multi = true\n  options = ["hot"', '  multi = true\n  labels = ["热食"]\n  options = ["hot"', "一一对应"),
        ('per = "vehicle"', 'per = "ship"', "没有明细"),
    ],
)
def test_a_wrong_value_is_explained(breaches: Breaches, old: str, new: str, says: str) -> None:
    found = breaches(old, new)
    assert any(says in problem.say and problem.rule == "格式" for problem in found), [str(p) for p in found]


def test_broken_toml_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "10-broken.toml"
    file.write_text('[meta]\nschema = "x"\nname = \n', encoding="utf-8")
    problem = only(lint_path(tmp_path))
    assert problem.where == "10-broken.toml:3"
    assert "TOML 语法错误" in problem.say


def test_unreadable_input_is_a_problem_and_not_a_traceback(tmp_path: Path) -> None:
    assert "没有 .toml 文件" in only(lint_path(tmp_path)).say
    assert "无法读取" in only(lint_path(tmp_path / "missing.toml")).say
    (tmp_path / "gbk.toml").write_bytes("name = '材料'".encode("gbk"))
    assert "UTF-8" in only(lint_path(tmp_path / "gbk.toml")).say
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    assert any("meta" in problem.say for problem in lint_path(tmp_path / "empty.toml"))


def test_every_breach_of_a_file_is_reported_at_once(breaches: Breaches) -> None:
    text = f"{AQZD}main = false\ndeferrable = true\ndefer_wd = 3"
    found = breaches(
        text, f'{AQZD}main = true\ndeferrable = true\npledge = true\ndefer_wd = "3"\nexempt_by = "no_such"'
    )
    assert {problem.rule for problem in found} == {"R57", "R71", "R76", "格式"}
    assert len(found) == 5


def test_the_line_is_that_of_the_key(breaches: Breaches, shared_path: Path) -> None:
    problem = only(breaches(AQZD + "main = false", AQZD + "main = true"))
    lines = shared_path.read_text(encoding="utf-8").splitlines()
    at = lines.index('id = "aqzd"')
    expected = next(number for number in range(at, len(lines)) if lines[number].startswith("deferrable")) + 1
    assert problem.where == f"材料 aqzd（broken.toml:{expected}）"
    assert str(problem) == f"R57 {problem.where}：主要材料“安全生产管理制度文本”不得容缺。"
