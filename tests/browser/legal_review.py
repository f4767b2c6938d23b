"""The step that is put into a shipped process: what it is called, why, what changes, and how a mistake is refused."""

from playwright.sync_api import expect

from tests.browser.person import Person

STEP, FORM, OPINION = "Thẩm định pháp lý", "tham_dinh", "Ý kiến thẩm định"
# A question that leads twice to the same step: the second way has no condition, and publication is refused.
REFUSED = ".finding[data-rule=condition-missing]"
MISTAKE = "chưa có điều kiện"
BROKEN = "Kế hoạch bị trả lại, địa bàn từ chối, kết quả bị trả lại"
ORDER = "Trồng cây xanh dịp cuối năm"
WHY = "Kế hoạch phải được thẩm định pháp lý trước khi trình"
CHANGES = (
    "Thêm «Thẩm định pháp lý» (Việc của người)",
    "Thời hạn của bước Thẩm định pháp lý: không có → 2 ngày làm việc",
    "Sau «Hoàn chỉnh và trình kế hoạch»: Trình kế hoạch → Thẩm định pháp lý",
    "Biểu mẫu của bước Thẩm định pháp lý: không có → tham_dinh",
)


def is_refused(designer: Person) -> None:
    """Read why what was submitted is not taken."""
    main = designer.page.locator("main")
    expect(main).to_contain_text("Chưa đủ điều kiện ban hành")
    expect(main).to_contain_text(MISTAKE)
    designer.complaints[:] = [one for one in designer.complaints if "422" not in one]  # it is meant to be refused
