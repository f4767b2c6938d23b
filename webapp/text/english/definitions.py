"""English of process definitions: list, diagram, steps, deploying."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Cột «Đang chạy» chỉ đếm những quy trình quý vị được xem.": "“Running” counts only what you may see.",
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
    "đang dùng ở: {places}": "in use: {places}",
    "mọi nơi": "everywhere",
    "mọi nơi khác": "everywhere else",
    "Đang dùng ở đâu": "Where it is in use",
    "Địa bàn": "Area",
    "Từ ngày": "Since",
    "địa bàn đã sắp xếp lại": "this area was reorganized",
    "Việc mới của một nơi lấy phiên bản ở dòng gần nơi đó nhất; việc đang chạy giữ phiên bản lúc bắt đầu.": (
        "New work takes the version of the nearest line; what runs keeps the version it began with."
    ),
    "Chỉ cho một số địa bàn": "For some areas only",
    "Mỗi địa bàn gồm mọi địa bàn bên trong. Không chọn địa bàn nào là mọi nơi.": (
        "An area is meant with all that lies in it. None that is picked means everywhere."
    ),
    "Dùng phiên bản này ở nơi khác": "Use this version elsewhere",
    "Dùng": "Use",
    "Thôi dùng riêng": "Take back",
    "Thôi dùng riêng ở {place}": "Take back in {place}",
    "Việc mới ở đó lại lấy phiên bản của nơi bao quanh; việc đang chạy không đổi.": (
        "New work there takes the version in use around it again; what runs is not changed."
    ),
    "Việc mới ở đó không bắt đầu theo phiên bản này nữa; việc đang chạy không đổi.": (
        "New work there does not begin under this version any more; what runs was not changed."
    ),
    "{place}: {version}": "{place}: {version}",
    "chỉ dùng ở: {places}": "to be used only in: {places}",
    "Chỉ tính việc đang chạy ở nơi bản này sẽ được dùng.": "Only what runs where this design will be used is counted.",
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
