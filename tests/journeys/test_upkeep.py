"""An ended affair is taken home and copied, the copy is deleted: on a phone, and on a desk."""

import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.affairs.models import Affair
from tests.journeys.people import Applicant
from tests.office import FOUNDING, Office
from workflows import commands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [360, 1280])
def test_an_ended_affair_is_downloaded_and_copied_and_the_copy_deleted(
    width: int, open_page: Callable[..., Page], office: Office
):
    ended = commands.withdraw(office.submitted(answers=FOUNDING), actor=office.applicant)
    applicant = Applicant(open_page(width=width), f"upkeep-{width}")
    applicant.is_signed_in(office.applicant.user)
    applicant.go(f"/my/{ended.pk}/")
    applicant.look("ended")
    with applicant.page.expect_download() as started:
        applicant.follow("下载全部文书和材料")
    assert started.value.suggested_filename == f"{ended.number} {ended.one_thing.name}.zip"
    assert zipfile.ZipFile(started.value.path()).testzip() is None

    applicant.press("复制为新的申请")
    applicant.reads("已带出上次的回答和表单")
    applicant.reads(f"复制自 {ended.number}")
    applicant.look("copied")
    applicant.go(f"/my/{ended.pk}/")
    applicant.reads("已复制为")
    applicant.go("/my/")
    applicant.look("mine")
    applicant.follow("删除草稿")
    applicant.look("delete")
    applicant.press("删除草稿")
    applicant.reads("草稿和上传的文件已经删除")
    assert not Affair.objects.filter(copied_from=ended).exists()
