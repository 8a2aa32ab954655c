"""One question a page, the plan beside it, gates where they arise."""

from django.urls import reverse

from portal.affairs.models import Affair
from tests.filing.conftest import Person, text_of
from tests.office import FOUNDING, Office
from workflows import commands


def url(affair: Affair, question: str) -> str:
    return reverse("filing:question", args=[affair.pk, question])


def answer(person: Person, affair: Affair, question: str, value: str | list[str]):
    affair.refresh_from_db()
    return person.post(url(affair, question), {"answer": value, "draft_version": affair.version})


def test_a_link_asks_once_more_and_only_the_button_begins_a_draft(office: Office, me: Person):
    page = me.get(reverse("filing:new", args=["ysqy"]))
    assert "开办运输企业" in text_of(page)
    assert not Affair.objects.exists()
    response = me.post(reverse("filing:new", args=["ysqy"]))
    affair = Affair.objects.get()
    assert response.url == url(affair, "lic")


def test_whoever_has_a_draft_is_offered_to_go_on_with_it(me: Person, blank: Affair):
    page = me.get(reverse("filing:new", args=["ysqy"]))
    assert reverse("filing:affair", args=[blank.pk]) in page.content.decode()


def test_a_one_thing_that_is_not_in_the_catalogue_is_no_page(office: Office, me: Person):
    assert me.get(reverse("filing:new", args=["nichts"])).status_code == 404
    assert me.post(reverse("filing:new", args=["nichts"])).status_code == 404


def test_the_answers_lead_from_question_to_question_to_the_plan(me: Person, blank: Affair):
    for question, value in FOUNDING.items():
        response = me.get(reverse("filing:questions", args=[blank.pk]))
        assert response.url == url(blank, question)
        response = answer(me, blank, question, value)
    assert response.url == reverse("filing:plan", args=[blank.pk])
    page = text_of(me.get(response.url))
    assert "您要办 6 个事项，5 个部门一起办" in page
    assert "待部门确认" in page


def test_each_answer_is_kept_at_once(me: Person, blank: Affair):
    answer(me, blank, "lic", "no")
    blank.refresh_from_db()
    assert blank.answers == {"lic": "no"}


def test_the_plan_grows_beside_the_questions(me: Person, blank: Affair):
    assert "回答之后，要办的事项会列在这里" in text_of(me.get(url(blank, "lic")))
    answer(me, blank, "lic", "no")
    assert "涉及 1 个部门" in text_of(me.get(url(blank, "kind")))


def test_a_question_without_an_answer_says_so_beside_the_choices(me: Person, blank: Affair):
    page = me.post(url(blank, "lic"), {"draft_version": "0"})
    assert page.status_code == 200
    assert "请选择一项。" in text_of(page)


def test_an_option_that_does_not_exist_is_refused(me: Person, blank: Affair):
    page = answer(me, blank, "lic", "vielleicht")
    assert "请从下面的选项中选择" in text_of(page)
    blank.refresh_from_db()
    assert blank.answers == {}


def test_a_question_that_is_not_asked_leads_to_the_one_that_is(me: Person, blank: Affair):
    assert me.get(url(blank, "mass")).url == url(blank, "lic")
    assert me.get(url(blank, "unknown")).status_code == 404


def test_a_changed_answer_keeps_the_others_that_are_still_asked(me: Person, draft: Affair):
    response = answer(me, draft, "lic", "yes")
    draft.refresh_from_db()
    assert draft.answers["kind"] == "general"
    assert "seal" not in draft.answers
    assert response.url == reverse("filing:plan", args=[draft.pk])


def test_what_needs_no_licence_is_said_where_it_arises(me: Person, blank: Affair):
    """R1: no licence for lorries of 4.5 tonnes and less."""
    answer(me, blank, "lic", "yes")
    answer(me, blank, "kind", "general")
    response = answer(me, blank, "mass", "all_le_4500")
    assert response.url == reverse("filing:gates", args=[blank.pk, "mass"])
    page = text_of(me.get(response.url))
    assert "“道路货物运输经营许可”不需要办理" in page
    assert "也不计办理时间" in page
    assert me.post(response.url).url == url(blank, "own")


def test_what_another_authority_decides_is_said_with_its_name(me: Person, blank: Affair):
    """R2: dangerous goods belong to the city."""
    answer(me, blank, "lic", "yes")
    response = answer(me, blank, "kind", "dangerous")
    page = text_of(me.get(response.url))
    assert "不在本窗口办理" in page
    assert "请到市交通运输局办理。" in page


def test_when_nothing_is_left_to_file_the_plan_says_so_and_offers_no_form(office: Office, me: Person, blank: Affair):
    nothing = {"lic": "yes", "kind": "dangerous", "own": "owned", "heavy": "no", "agent": "self", "staff": "no"}
    commands.save_draft(blank, actor=office.applicant, answers=nothing)
    page = me.get(reverse("filing:plan", args=[blank.pk]))
    assert "按您的情形，不用在本窗口申请" in text_of(page)
    assert reverse("filing:form", args=[blank.pk]) not in page.content.decode()
    assert me.get(reverse("filing:form_step", args=[blank.pk, "subject"])).status_code == 302


def test_a_warning_has_to_be_taken_note_of(office: Office, me: Person):
    affair = commands.start_draft(applicant=office.applicant.user, one_thing_code="cyd", actor=office.applicant)
    response = answer(me, affair, "lic", "no")
    assert response.url == reverse("filing:gates", args=[affair.pk, "lic"])
    assert "请先勾选" in text_of(me.post(response.url))
    assert me.post(response.url, {"understood": "on"}).status_code == 302
    affair.refresh_from_db()
    assert affair.form["acknowledged"] == ["WARN_LICENCE_FIRST:"]
    assert "我已了解" not in text_of(me.get(response.url))


def test_an_answer_from_an_older_page_overwrites_nothing(me: Person, draft: Affair):
    page = me.post(url(draft, "lic"), {"answer": "yes", "draft_version": str(draft.version - 1)})
    assert page.status_code == 409
    assert "没有覆盖" in text_of(page)
    draft.refresh_from_db()
    assert draft.answers["lic"] == "no"


def test_the_questions_of_a_filed_affair_lead_to_its_page(office: Office, me: Person):
    filed = office.submitted()
    assert me.get(url(filed, "lic")).url == reverse("filing:affair", args=[filed.pk])
    assert me.post(url(filed, "lic"), {"answer": "yes"}).status_code == 409
