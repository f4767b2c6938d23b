"""An order goes from its draft to the accepted result through eight people, who only click what they see."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import Person, Window, nothing_wrong, sign_in
from tests.served import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

POSTS = {"truong.khoi": "Trưởng Cơ quan khối", "phunu": "Cán bộ phụ trách", "truong.khu": "Trưởng khu"}
CLARITIES = {
    "Rõ người": "Hội LHPN thành phố chủ trì, Đoàn Thanh niên và Hội Nông dân phối hợp",
    "Rõ việc": "Dọn vệ sinh, trồng hoa ở các điểm công cộng",
    "Rõ thời gian": "Hai ngày chủ nhật của tháng 10",
    "Rõ trách nhiệm": "Cơ quan khối bảo đảm kết quả",
    "Rõ thẩm quyền": "Chủ trì giao việc trực tiếp cho phường",
    "Rõ sản phẩm": "Số liệu và ảnh của từng khu",
}
# The smallest picture there is: one white point.
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
    "7753de0000000c4944415408d763f8ffff3f0005fe02fea7356b0f0000000049454e44ae426082"
)


class Office:
    """The eight people, each at an own browser from the first time they are needed."""

    def __init__(self, browser: Browser, demo: Demo, window: Window) -> None:
        self.browser, self.demo, self.window = browser, demo, window
        self.people: dict[str, Person] = {}

    def __getitem__(self, login: str) -> Person:
        if login not in self.people:
            self.people[login] = sign_in(self.browser, self.demo, login, self.window, post=POSTS.get(login, ""))
        return self.people[login]

    @property
    def complaints(self) -> list[str]:
        return sorted({said for person in self.people.values() for said in person.complaints})


@pytest.fixture(params=["desk without scripts", "phone with scripts"])
def office(request: pytest.FixtureRequest, browser: Browser, demo: Demo) -> Iterator[Office]:
    desk = Window(1280, scripts=False)
    office = Office(browser, demo, desk if request.param.startswith("desk") else Window(375, 812))
    yield office
    for person in office.people.values():
        person.context.close()


def test_an_order_travels_from_draft_to_accepted_result(office: Office) -> None:
    # A number of its own: a world that is kept may know the same order from an earlier run.
    title = f"Dọn vệ sinh chợ, bến xe, đợt {time.time_ns() // 10**8 % 10**7}"
    give_order(office, title)
    make_plan(office, title)
    roll_out(office, title)
    report(office, title)
    accept(office, title)
    assert len(office.people) == 8
    see_result(office["vp.ubnd"], title)
    nothing_wrong(office.complaints)


def give_order(office: Office, title: str) -> None:
    """The office drafts, says that it means no other order, the leader signs, the bloc accepts."""
    writer = office["vp.ubnd"]
    writer.press(writer.page.get_by_role("link", name="Đặt hàng", exact=True))
    writer.press(writer.page.get_by_role("button", name="Soạn đặt hàng mới"))
    writer.fill("Chuyên đề đặt hàng", title)
    writer.select("Nhóm chuyên đề", "Vệ sinh môi trường")
    for label, text in CLARITIES.items():
        writer.fill(label, text)
    writer.fill("Hạn hoàn thành", "15/11/2018")
    writer.choose("Số lượt người tham gia Ngày chủ nhật xanh (lượt người)")
    writer.choose("Khối lượng rác thải thu gom trong Ngày chủ nhật xanh (tấn)")
    writer.send()
    writer.find(title, "Xử lý chồng chéo")
    writer.choose("Giữ cả hai")
    writer.fill("Lý do", "Các điểm này chưa nằm trong phong trào hằng tuần")
    writer.send()
    decide(office["lanhdao.ubnd"], title, "Ký đặt hàng", "Ký và gửi")
    decide(office["truong.khoi"], title, "Tiếp nhận đặt hàng", "Tiếp nhận")


def make_plan(office: Office, title: str) -> None:
    """The bloc names a lead and two coordinators; the lead plans, they agree, the bloc approves."""
    head, lead = office["truong.khoi"], office["phunu"]
    head.find(title, "Phân công tổ chức chủ trì và phối hợp")
    head.select("Tổ chức chủ trì", "Hội LHPN thành phố Cẩm Phả")
    head.choose("Đoàn TNCS Hồ Chí Minh thành phố Cẩm Phả")
    head.choose("Hội Nông dân thành phố Cẩm Phả")
    head.send()
    decide(lead, title, "Tiếp nhận việc chủ trì", "Nhận chủ trì")
    lead.find(title, "Lập kế hoạch thực hiện")
    lead.fill("Nội dung thực hiện", "Hai buổi ra quân ở phường Quang Hanh")
    lead.choose("Phường Quang Hanh")
    lead.fill("Các mốc", "21/10 và 28/10")
    lead.send()
    for login in ("thanhnien", "nongdan"):
        partner = office[login]
        partner.find(title, "Cho ý kiến và xác nhận phần việc phối hợp")
        partner.choose("Thống nhất")
        partner.fill("Phần việc đơn vị nhận", "Vận động đoàn viên, hội viên tham gia")
        partner.send()
    lead.find(title, "Hoàn chỉnh và trình kế hoạch")
    lead.send()
    decide(head, title, "Duyệt kế hoạch", "Duyệt")


def roll_out(office: Office, title: str) -> None:
    """The lead gives the work to a ward, the ward to a quarter."""
    lead, ward = office["phunu"], office["mttq.phuong"]
    lead.find(title, "Triển khai đến cấp dưới")
    lead.send()
    decide(ward, title, "Tiếp nhận việc", "Nhận việc")
    ward.find(title, "Phân công cấp dưới")
    ward.choose("Khu 7")
    ward.send()


def report(office: Office, title: str) -> None:
    """The head of the quarter reports with figures and a photo; everybody above adds and sends on."""
    quarter, ward, lead = office["truong.khu"], office["mttq.phuong"], office["phunu"]
    quarter.find(title, "Thực hiện, nhập số liệu và ảnh minh chứng")
    quarter.fill("Ngày làm", "07/10/2018")
    quarter.fill("Số lượt người tham gia Ngày chủ nhật xanh", "52")
    quarter.fill("Khối lượng rác thải thu gom", "1,2")
    photo = quarter.page.get_by_label("Chụp hoặc chọn ảnh")
    photo.set_input_files({"name": "san-cho.png", "mimeType": "image/png", "buffer": PHOTO})
    # A script says which photo was chosen; without scripts the field itself shows its name.
    if office.window.scripts:
        expect(quarter.page.get_by_text("san-cho.png")).to_be_visible()
    else:
        assert photo.bounding_box()["width"] > 100
    quarter.send()
    ward.find(title, "Kiểm tra và tổng hợp số liệu")
    ward.choose("Hợp lệ, chuyển ký")
    ward.send()
    for login in ("thanhnien", "nongdan"):
        partner = office[login]
        partner.find(title, "Báo cáo phần việc phối hợp")
        partner.fill("Kết quả phần việc", "Đã vận động 20 người tham gia")
        partner.send("Không phát sinh")
    lead.find(title, "Tổng hợp, khử trùng lặp, lập báo cáo")
    lead.choose("Trình báo cáo")
    lead.fill("Báo cáo kết quả", "Một khu đã thực hiện, có số liệu và ảnh")
    lead.send()


def accept(office: Office, title: str) -> None:
    """The bloc appraises, the office compares, the leader accepts."""
    decide(office["truong.khoi"], title, "Thẩm định và trình báo cáo", "Đạt, trình bên đặt hàng")
    writer = office["vp.ubnd"]
    writer.find(title, "Đối chiếu với đặt hàng, đề xuất nghiệm thu")
    writer.choose("Đạt")
    writer.fill("Nhận xét theo từng chỉ tiêu", "Đủ số liệu, có ảnh")
    writer.send()
    decide(office["lanhdao.ubnd"], title, "Nghiệm thu", "Đạt")


def decide(person: Person, text: str, title: str, choice: str) -> None:
    """Complete a step by one choice."""
    person.find(text, title)
    person.choose(choice)
    person.send()


def see_result(person: Person, title: str) -> None:
    """The finished order says the figures, who did what, and the verdict; a figure opens to the quarter's record."""
    person.go("/orders?state=all")
    person.page.get_by_role("searchbox").fill(title)
    person.press(person.page.get_by_role("button", name="Tìm", exact=True))
    person.press(person.page.get_by_role("link", name=title))
    main = person.page.locator("main")
    expect(main).to_contain_text("Đã hoàn thành")
    expect(main).to_contain_text("nghiệm thu")
    expect(main.locator(".target").filter(has_text="Số lượt người tham gia")).to_contain_text("52 lượt người")
    expect(main.locator(".target").filter(has_text="Khối lượng rác thải")).to_contain_text("1,2 tấn")
    person.press(main.locator(".target").filter(has_text="Số lượt người tham gia").get_by_role("link"))
    expect(person.page.locator("main")).to_contain_text("Khu 7")
