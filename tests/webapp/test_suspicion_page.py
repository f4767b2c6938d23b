"""The page on which a lead compares two records of what may be one event, and decides."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.play import Story
from tests.processes.test_suspicions import counted, recorded_twice
from tests.webapp.browser import soup, text_of
from tests.webapp.doors import app, signed_in, story
from tests.webapp.task_pages import photo

__all__ = ["app", "story"]

pytestmark = pytest.mark.once


def table(page: BeautifulSoup) -> dict[str, list[str]]:
    """Return what stands beside each heading of the two records."""
    rows = page.select("[aria-labelledby=pair] tbody tr")
    return {
        " ".join(row.th.get_text().split()): [" ".join(cell.get_text().split()) for cell in row.find_all("td")]
        for row in rows
        if row.th is not None
    }


def test_the_lead_sees_who_reported_what_when_with_which_photos_and_decides(app: Flask, story: Story) -> None:
    order = story.until("report_part", draft_order={"indicators": ["sea_turns"], "topics": "Biển"})
    youth, lead = signed_in(app, "thanhnien"), signed_in(app, "phunu")
    own = next(one for one in story.tasks("report_part", order=order) if one.organization_id == story.world.youth)
    files = f"/tasks/{own.id}/files"
    youth.submit(youth.read(f"/tasks/{own.id}"), files, file=(photo(), "Bãi biển.jpg"))
    recorded_twice(story, order)
    path = f"/tasks/{story.task('decide_suspicion', order=order).id}"
    page = lead.read(path)
    said = table(page)
    assert page.h1 is not None and page.h1.text == "Nghi trùng"
    assert said["Đơn vị báo cáo"] == ["Thành đoàn Cẩm Phả", "Ban CHQS thành phố Cẩm Phả"]
    assert said["Số lượt người ra quân làm vệ sinh môi trường biển"] == ["40 lượt người", "35 lượt người"]
    assert said["Ảnh và tệp"] == ["Bãi biển.jpg", "–"]
    assert all("12/10/2018" in at for at in said["Nhập lúc"])
    assert all(who != "–" for who in said["Người nhập"])
    figure = page.select_one("[aria-labelledby=pair] a[href*='/figures/records/']")
    picture = page.select_one("[aria-labelledby=pair] a[href*='/files/']")
    assert figure is not None and picture is not None
    for link in (figure, picture):
        with lead.get(str(link["href"])) as answer:
            assert answer.status_code == 200
    refused = lead.submit(page, f"{path}/completion", button="send", decision="merge_into_first")
    assert refused.status_code == 422 and "Lý do" in text_of(soup(refused))
    answers = {"decision": "merge_into_first", "reason": "Cùng một buổi"}
    assert lead.submit(lead.read(path), f"{path}/completion", button="send", **answers).status_code == 303
    story.pass_time()
    assert counted(story, order)[1] == [40]
    assert "đã gộp vào bản ghi kia" in text_of(lead.read(path))


def test_other_tasks_have_no_such_pair(app: Flask, story: Story) -> None:
    order = story.until("report_part")
    page = signed_in(app, "thanhnien").read(f"/tasks/{story.tasks('report_part', order=order)[0].id}")
    assert page.select_one("[aria-labelledby=pair]") is None
