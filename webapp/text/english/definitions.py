"""English of process definitions: list, diagram, steps, deploying."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Gói chưa dùng được; chưa có gì thay đổi": "The bundle cannot be used yet; nothing was changed",
    "Không có tệp nào dùng được trong gói.": "The bundle has no usable file.",
    "Phiên bản đang dùng của từng quy trình. Việc đang chạy giữ phiên bản lúc bắt đầu.": (
        "The version of each process in use. What runs keeps the version it began with."
    ),
    "Bắt đầu khi": "Starts when",
    "Phiên bản": "Version",
    "Ban hành": "Issued",
    "Đang chạy": "Running",
    "có thông điệp": "a message comes:",
    "có người bắt đầu": "somebody starts it",
    "Bắt đầu quy trình": "Start the process",
    "Chưa có quy trình nào": "No processes yet",
    "Quy trình được ban hành từ tệp BPMN; người thiết kế vẽ hoặc nhập vào bản thiết kế, người khác duyệt.": (
        "Processes are issued from BPMN files; a designer draws or imports them as a design, somebody else approves."
    ),
    "Bản nháp, chưa dùng": "Drafts, not in use",
    "phiên bản {version}, tải lên {day}": "version {version}, uploaded {day}",
    "Tải quy trình lên": "Upload a process",
    "Chọn mọi tệp của một gói: sơ đồ (.bpmn), bảng quyết định (.dmn) và biểu mẫu (.form.json). "
    "Gói được kiểm tra trước; có lỗi thì không có gì thay đổi.": (
        "Choose all files of one bundle: diagrams (.bpmn), decision tables (.dmn) and forms (.form.json). "
        "It is checked first; if something is wrong, nothing changes."
    ),
    "Chọn các tệp của gói": "Choose the files of the bundle",
    "Ghi chú cho phiên bản này (không bắt buộc)": "Note on this version (optional)",
    "Kiểm tra và ban hành": "Check and issue",
    "Đã kiểm tra và đưa vào dùng: {names}.": "Checked and put into use: {names}.",
    "Phiên bản {version}, ban hành {day}": "Version {version}, issued {day}",
    "bản nháp, chưa dùng": "draft, not in use",
    "thôi dùng từ {day}": "out of use since {day}",
    "đang dùng": "in use",
    "Sơ đồ": "Diagram",
    "Sơ đồ cần JavaScript; nội dung tương đương ở bảng các bước bên dưới.": (
        "The diagram needs JavaScript; the table of steps below says the same."
    ),
    "Các bước": "Steps",
    "Các phiên bản": "Versions",
    "Phiên bản {version}": "Version {version}",
    "nháp": "draft",
    "thôi dùng": "out of use",
    "Tệp của gói": "Files of the bundle",
    "Mã gói (SHA-256)": "Hash of the bundle (SHA-256)",
    "Bước": "Step",
    "Ai làm": "Who",
    "Biểu mẫu": "Form",
    "Đã qua": "Passed",
    "{n} ngày làm việc": ("one working day", "{n} working days"),
    "theo hạn được giao": "as assigned",
    "Phải sửa:": "Must be mended:",
    "Cần bổ sung:": "To be completed:",
    "Nên xem:": "Worth a look:",
    "Ghi chú:": "Note:",
    "dòng {line}": "line {line}",
}
