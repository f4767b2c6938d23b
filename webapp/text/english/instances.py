"""English of process instances and incidents."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Sự cố": "Incidents",
    "Quy trình đang chạy": "Running processes",
    "{n} sự cố đang làm dừng quy trình. Không dữ liệu nào bị mất; đầu vào được giữ nguyên để thử lại.": (
        "One incident holds up a process. No data is lost; the input is kept to try again.",
        "{n} incidents hold up processes. No data is lost; the input is kept to try again.",
    ),
    "Thử lại mục đã chọn": "Try the chosen again",
    "Ở bước": "At step",
    "Từ lúc": "Since",
    "Việc bị dừng": "Tasks held up",
    "Chọn sự cố: {message}": "Choose incident: {message}",
    "Đặt hàng {number}": "Order {number}",
    "Không có sự cố nào": "No incidents",
    "Khi một quy trình không đi tiếp được, nó hiện ở đây cùng với dữ liệu đã nhập.": (
        "A process that cannot go on appears here, with what was entered."
    ),
    "Mỗi đơn vị tham gia một đặt hàng có quy trình riêng; các quy trình nối với nhau bằng thông điệp.": (
        "Each participant of an order has a process of its own; they are linked by messages."
    ),
    "Mọi tình trạng": "Any state",
    "bỏ lọc": "remove the filter",
    "Bắt đầu": "Started",
    "Các quy trình cũ hơn": "Older processes",
    "Không có quy trình nào ở đây": "No processes here",
    "Quy trình bắt đầu khi có đặt hàng được soạn, hoặc từ trang Quy trình.": (
        "A process starts when an order is drafted, or from the page Processes."
    ),
    "bắt đầu {at}": "started {at}",
    "kết thúc {at}": "ended {at}",
    "phiên bản {version}": "version {version}",
    "Quy trình bị kẹt": "The process is stuck",
    "từ {at}": "since {at}",
    "Đầu vào được giữ nguyên để thử lại.": "The input is kept to try again.",
    "Thử lại": "Try again",
    "Đang chờ gì": "What it waits for",
    "thông điệp": "message",
    "hạn chốt": "cut-off",
    "hẹn giờ": "timer",
    "đến khi đúng:": "until this is true:",
    "điều kiện": "condition",
    "Không chờ gì: quy trình đã kết thúc.": "Nothing: the process has ended.",
    "Việc đã qua": "Tasks passed",
    "Vận hành": "Operate",
    "Tạm dừng quy trình": "Suspend the process",
    "Cho chạy tiếp": "Resume",
    "Đã gỡ {mended} sự cố; còn kẹt {still}.": "Mended {mended}; still stuck {still}.",
    "Bị kẹt": "Stuck",
    "Đã kết thúc": "Finished",
    "Kết thúc với lỗi": "Failed",
}
