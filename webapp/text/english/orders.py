"""English of the order pages: list, document, results, tree, story, acts."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Những đặt hàng và việc mà đơn vị của quý vị giao, nhận hoặc tham gia thực hiện": (
        "Orders and work your organization gives, receives or takes part in"
    ),
    "Soạn đặt hàng mới": "Draft a new order",
    "Tìm theo tên hoặc số, có dấu hoặc không dấu": "Search by title or number, with or without diacritics",
    "Tìm: ve sinh moi truong, ĐH-2018-02": "Search: ve sinh moi truong, ĐH-2018-02",
    "Loại": "Kind",
    "Số": "Number",
    "Nội dung": "Subject",
    "Chủ trì": "Lead",
    "Đang ở": "Now with",
    "Tình trạng": "State",
    "chưa có số": "no number yet",
    "việc ngoài đặt hàng": "own work",
    "Việc ngoài đặt hàng": "Own work",
    "chưa giao": "not assigned",
    "và {n} đơn vị khác": ("and one more", "and {n} more"),
    "Các đặt hàng cũ hơn": "Older orders",
    "Không có đặt hàng nào ở đây": "No orders here",
    "Thử bỏ bớt điều kiện lọc, hoặc xem tất cả.": "Try fewer filters, or see all.",
    "Bấm Soạn đặt hàng mới để bắt đầu; phiếu nháp chỉ đơn vị của quý vị thấy cho đến khi được ký.": (
        "Press Draft a new order to begin; only your organization sees a draft until it is signed."
    ),
    "Khi đơn vị của quý vị được giao hoặc mời phối hợp, đặt hàng sẽ hiện ở đây.": (
        "When your organization is assigned or invited, the order appears here."
    ),
    "Xem tất cả": "See all",
    "Từ chối, đã hủy": "Refused, cancelled",
    "Mọi loại": "All kinds",
    "Mọi hạn": "Any due date",
    "Mã: {number}": "No.: {number}",
    "Đầu mối: {name}": "Focal point: {name}",
    "chưa ký": "not signed",
    "chưa ghi": "not stated",
    "Chuyên đề": "Topics",
    "Rõ người": "Who",
    "Rõ việc": "What",
    "Rõ thời gian": "When",
    "Rõ trách nhiệm": "Responsibility",
    "Rõ thẩm quyền": "Authority",
    "Rõ sản phẩm": "Product",
    "Kết quả so với chỉ tiêu": "Results against targets",
    "Kỳ": "Period",
    "không đặt chỉ tiêu": "no target",
    "chưa có số liệu": "no figures yet",
    "không ghi là 0": "not written as 0",
    "{percent}% của {target}": "{percent}% of {target}",
    "đạt chỉ tiêu {target}": "target of {target} reached",
    "Đang ở {name} và {n} đơn vị khác": ("Now with {name} and one more", "Now with {name} and {n} more"),
    "Đang ở {name}": "Now with {name}",
    "Theo dõi": "Follow",
    "Bỏ theo dõi": "Stop following",
    "Bản in": "Print view",
    "Đặt hàng đã được thu hồi": "The order was withdrawn",
    "Đã thu hồi đặt hàng {number}.": "Order {number} was withdrawn.",
    "Ai làm gì, việc đang ở đâu": "Who does what, where the work is",
    "đặt hàng": "orders",
    "Đang giữ việc": "Holds the work",
    "{n} đơn vị đang giữ việc": ("one organization holds work", "{n} organizations hold work"),
    "{n} địa bàn khác, đều {state}": "{n} other areas, all: {state}",
    "{n} địa bàn cấp dưới": ("one area below", "{n} areas below"),
    "{n} đã xong": "{n} done",
    "Xem từng địa bàn": "See each area",
    "Không giao tiếp cho địa bàn cấp dưới.": "Not handed on to areas below.",
    "Văn bản và tệp": "Letters and files",
    "Còn thiếu ({n})": "Missing ({n})",
    "Xem đầu mối": "See the focal point",
    "Chưa gửi không được tính là 0.": "What has not come is not counted as 0.",
    "Diễn biến": "What happened",
    "Chưa có diễn biến nào.": "Nothing has happened yet.",
    "Toàn bộ nhật ký của đặt hàng này": "The whole log of this order",
    "{who}: {title}": "{who}: {title}",
    "{who} giao {n} đơn vị phần {part}": "{who} assigned {n} organizations as {part}",
    "Dùng lệnh In của trình duyệt (Ctrl+P); khổ A4, số trang từ trang 2.": (
        "Use your browser's Print (Ctrl+P); A4, pages numbered from 2."
    ),
    "Về trang đặt hàng": "Back to the order",
    "In lúc {at}.": "Printed {at}.",
    # acts
    "Đôn đốc đơn vị đang chậm": "Urge who is late",
    "Gửi đôn đốc": "Urge",
    "Đã gửi đôn đốc đến {name}.": "{name} was urged.",
    "Xin gia hạn phần việc của đơn vị": "Ask for more time for your share",
    "Hạn hiện nay: {day}. Cấp giao việc quyết định; hạn cũ vẫn có hiệu lực cho đến khi được duyệt.": (
        "Due now: {day}. The level above decides; until then the present due date holds."
    ),
    "Hạn mới (ngày/tháng/năm)": "New due date (day/month/year)",
    "Gửi đề nghị gia hạn": "Ask for more time",
    "Đã gửi đề nghị gia hạn; cấp giao việc sẽ trả lời.": "Your request was sent; the level above will answer.",
    "Quý vị muốn ghi {question}": "Did you mean {question}",
    "Ngày không đọc được; ghi như 12/10/2018": "The date cannot be read; write it as 12/10/2018",
    "Điều chỉnh đơn vị chủ trì": "Change the lead",
    "Việc đang mở của đơn vị chủ trì cũ được bàn giao; kế hoạch đã duyệt và số liệu đã có được giữ nguyên.": (
        "Open work of the old lead is handed over; the approved plan and the figures stay."
    ),
    "Đơn vị chủ trì mới": "The new lead",
    "Chọn đơn vị": "Choose an organization",
    "Điều chỉnh chủ trì": "Change the lead",
    "Đã điều chỉnh chủ trì: {name}.": "The lead is now {name}.",
    "Thu hồi đặt hàng": "Withdraw the order",
    "Mọi việc đang mở sẽ đóng và ghi là Đã hủy; số liệu đã báo cáo được giữ nguyên. Không hoàn tác được.": (
        "All open work closes as cancelled; reported figures stay. This cannot be undone."
    ),
    "Lý do và căn cứ": "Reason and basis",
    "Điều chỉnh nội dung, hạn": "Amend content or deadline",
    "Điều chỉnh đặt hàng": "Amend the order",
    "Sửa những chỗ thay đổi, chỗ khác để nguyên. Đơn vị chủ trì xác nhận; hạn của việc đang mở đổi khi chủ trì xác "
    "nhận, số liệu đã báo cáo được giữ nguyên.": (
        "Change what is different, leave the rest. The lead confirms; the deadline of open work moves when it does, "
        "and reported figures stay."
    ),
    "Hạn mới, nếu đổi (ngày/tháng/năm)": "New deadline, if it changes (day/month/year)",
    "Đã điều chỉnh đặt hàng; đơn vị chủ trì được đề nghị xác nhận.": (
        "The order is amended; the lead is asked to confirm."
    ),
}
