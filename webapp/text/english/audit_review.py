"""English of reviewing the log: search, story, state at a moment, case files, exports."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "từ {n} mục trở lên": ("{n} entry or more", "{n} entries or more"),
    "Một tài khoản": "An account",
    "Dòng thời gian": "Timeline",
    "Hồ sơ kiểm tra": "Case files",
    "Từ trong nội dung": "Words in the entry",
    "Thêm điều kiện": "More filters",
    "Từ ngày": "From",
    "Ví dụ 12/10/2018": "For example 12/10/2018",
    "Số hoặc tên": "Number or title",
    "Tên hoặc tên đăng nhập": "Name or login",
    "Gồm cả cấp dưới": "With all below it",
    "Mã quy trình": "Key of the instance",
    "Mã việc": "Key of the task",
    "Chỉ mục làm thay người khác": "Acts for others only",
    "{n} mục mới nhất chưa tìm được theo từ; thử lại sau ít phút.": (
        "The newest entry cannot be found by words yet; try again in a few minutes.",
        "The {n} newest entries cannot be found by words yet; try again in a few minutes.",
    ),
    "Lọc tiếp": "Narrow further",
    "Đếm trong {n} mục mới nhất khớp điều kiện.": "Counted among the {n} newest entries that match.",
    "Loại": "Kind",
    "Bị từ chối": "Refused",
    "Làm thay": "For somebody else",
    "Không có thao tác nào như vậy.": "There is no such act.",
    "Một điều kiện trong địa chỉ không đọc được nên bị bỏ qua.": (
        "One filter in the address cannot be read and was left out."
    ),
    "Không có đặt hàng, đơn vị, chức danh hay người nào tên như đã ghi.": (
        "There is no order, organization, post or person of that name."
    ),
    "Lọc nhật ký rồi lưu lại ở đây để mở nhanh.": "Narrow the log and keep the list here to open it again.",
    "Xuất danh sách này": "Export this list",
    "Mỗi lần xuất được ghi vào nhật ký.": "Every export is recorded in the log.",
    "Chi tiết": "Details",
    "Tình trạng lúc ấy": "State at that moment",
    "Đưa vào hồ sơ kiểm tra": "Put into a case file",
    "Người thực hiện": "Done by",
    "Làm thay cho": "On behalf of",
    "Phiên bản quy trình": "Process version",
    "{name}, phiên bản {version}": "{name}, version {version}",
    "Mã yêu cầu": "Request",
    "Mã băm của mục": "Hash of the entry",
    "Phần việc": "Share",
    "Thông điệp": "Message",
    "Hệ thống": "The system",
    "Tình trạng lúc {at}": "State at {at}",
    "Dựng lại chỉ từ nhật ký, ngay sau mục {n}.": (
        "Rebuilt from the log alone, right after entry {n}.",
        "Rebuilt from the log alone, right after entry {n}.",
    ),
    "Mục trước": "Entry before",
    "Mục sau": "Next entry",
    "Quy trình này bắt đầu trước khi nhật ký ghi các bước đi, nên không biết nó đứng ở đâu.": (
        "This process began before the log recorded its moves, so it is not known where it stood."
    ),
    "Quy trình lúc ấy": "Processes then",
    "Đang ở bước": "At the step",
    "Việc đang mở lúc ấy": "Tasks open then",
    "Không việc nào đang mở.": "No task was open.",
    "Từ lúc": "From",
    "Đến lúc": "Until",
    "Số liệu lúc ấy": "Figures then",
    "đã đính chính": "corrected",
    "Đặt hàng lúc ấy": "The order then",
    "Cây giao việc lúc ấy": "Tree of assignments then",
    "Nội dung đã gửi đến lúc ấy": "What had been sent by then",
    "hạn {day}": "due {day}",
    "Ai giữ việc, trong bao lâu": "Who held the work, and how long",
    "tính lại từ nhật ký": "computed from the log",
    "Các đơn vị giữ việc theo thời gian; nội dung tương đương ở bảng bên dưới.": (
        "Organizations holding the work over time; the table below says the same."
    ),
    "Thanh: đơn vị có việc đang mở. Phần có dấu !: quá hạn. Mũi tên: bàn giao giữa hai đơn vị.": (
        "Bar: the organization had open work. Part with !: overdue. Arrow: hand-over between two organizations."
    ),
    "{n} đơn vị nữa chỉ có trong bảng.": (
        "One more organization stands in the table only.",
        "{n} more organizations stand in the table only.",
    ),
    "Ai giữ việc": "Who held the work",
    "Ngày làm việc": "Working days",
    "còn giữ": "still",
    "Chưa đơn vị nào có việc trong đặt hàng này.": "No organization has had work in this order yet.",
    "Bàn giao giữa các đơn vị": "Hand-overs between organizations",
    "Lúc": "At",
    "Từ đơn vị": "From",
    "Đến đơn vị": "To",
    "Gom các mục của nhật ký kèm nhận xét, đóng lại bằng kết luận, in thành báo cáo.": (
        "Collect entries of the log with remarks, close with a conclusion, print as a report."
    ),
    "Mở hồ sơ mới": "Open a new case file",
    "Tên hồ sơ": "Title of the case file",
    "Mục đích": "Purpose",
    "Mở hồ sơ": "Open the case file",
    "Người mở": "Opened by",
    "Mở lúc": "Opened at",
    "Đang mở": "Open",
    "Đã đóng": "Closed",
    "Chưa có hồ sơ nào.": "There is no case file yet.",
    "{who} mở {at}": "opened by {who}, {at}",
    "{who} đóng {at}": "closed by {who}, {at}",
    "Các mục của nhật ký": "Entries of the log",
    "Nhận xét": "Remark",
    "Lưu nhận xét": "Save the remark",
    "Đưa ra khỏi hồ sơ": "Take out of the case file",
    "Chưa có mục nào. Mở một mục trong nhật ký, chọn «Đưa vào hồ sơ kiểm tra».": (
        "No entry yet. Open an entry in the log and choose “Put into a case file”."
    ),
    "Kết luận": "Conclusion",
    "Đóng hồ sơ": "Close the case file",
    "Để kiểm chứng": "For checking",
    "Mã kiểm tra nhật ký: {n} mục · {code}, ký lúc {at}. Mục sau điểm này chưa được bảo vệ bên ngoài.": (
        "Code of the log: {n} entry · {code}, signed {at}. What came after is not yet protected outside.",
        "Code of the log: {n} entries · {code}, signed {at}. What came after is not yet protected outside.",
    ),
    "Mã kiểm tra nhật ký: chưa có điểm kiểm tra nào được ký.": "Code of the log: no checkpoint is signed yet.",
    "Mã QR: tên nhật ký, số mục và mã gốc": "QR code: name of the log, number of entries and root",
    "Đưa vào hồ sơ": "Put into the case file",
    "Đã mở hồ sơ kiểm tra.": "The case file is open.",
    "Đã đưa mục {n} vào hồ sơ.": ("Entry {n} is in the case file.", "Entry {n} is in the case file."),
    "Đã đưa mục {n} ra khỏi hồ sơ.": ("Entry {n} was taken out.", "Entry {n} was taken out."),
    "Đã đóng hồ sơ; nội dung không đổi được nữa.": "The case file is closed and cannot be changed any more.",
    "Phiên đăng nhập": "Session",
    "Khóa API": "API key",
    "Đề nghị gia hạn": "Request for more time",
    "Ủy quyền khi vắng mặt": "Substitution",
    "Cài đặt": "Setting",
    "Mức cần đạt": "Target",
    "Cấp": "Level",
    "Loại đơn vị": "Type of organization",
    "Quan hệ giữa hai đơn vị": "Relation of two organizations",
    "Kế thừa giữa hai đơn vị": "Succession of two organizations",
    "Người giữ chức danh": "Holder of a post",
    "Bản nháp": "Draft",
    "Ý kiến": "Remark",
    "Ngày trong lịch": "Day of the calendar",
    "Đối tượng": "Subject",
    "Báo cáo kiểm tra: {title}": "Report of an inspection: {title}",
    "Hồ sơ chưa đóng": "Still open",
    "Hồ sơ không có mục nào.": "The case file has no entries.",
    "chưa nằm trong điểm kiểm nào": "in no checkpoint yet",
    "Gói hồ sơ có bằng chứng của từng mục và chương trình verify.py để tự kiểm tra.": (
        "The bundle of the case file has a proof of each entry, and the program verify.py to check them."
    ),
    "Máy chủ này chưa làm được PDF; dùng lệnh In của trình duyệt và chọn «Lưu thành PDF».": (
        "This server cannot make PDF; print in the browser and choose “Save as PDF”."
    ),
    "Báo cáo PDF": "Report as PDF",
    "Gói hồ sơ có bằng chứng": "Bundle with proofs",
    "{n} mục của hồ sơ chưa nằm trong điểm kiểm nào nên chưa có trong gói; điểm kiểm được ký vài phút một lần.": (
        "{n} entries of the case file are in no checkpoint yet and not in the bundle; one is signed every few minutes."
    ),
    "Ai xem được lúc ấy": "Who could see it then",
    "Lần bị từ chối chỉ người đọc toàn bộ nhật ký xem được.": (
        "A refused attempt is seen only by those who read the whole log."
    ),
    "Mục này không thuộc đặt hàng hay quy trình nào: chỉ người đọc toàn bộ nhật ký xem được.": (
        "The entry belongs to no order and no process: only those who read the whole log see it."
    ),
    "Các đơn vị tham gia tính đến ngay sau mục này, và ai giữ chức danh nào lúc ấy.": (
        "The organizations that took part right after this entry, and who held which post then."
    ),
    "Danh sách dài quá nên không hiện hết.": "The list is too long to be shown whole.",
    "Ngoài ra, theo quyền đọc chung": "Besides, by a general right",
    "ra đặt hàng": "issued the order",
    "đầu mối nhận": "receives for the bloc",
    "có việc trong quy trình": "has work in the process",
    "So với phiên bản trước": "Compared with the version before",
    "Xem trong biểu mẫu": "See it in the form",
    "Biểu mẫu đã điền: {title}": "The form as it was filled in: {title}",
    "Xuất danh sách": "Export a list",
    "{n} mục khớp điều kiện; mỗi lần xuất được ghi vào nhật ký.": (
        "{n} entries match; every export is recorded in the log."
    ),
    "Chọn dạng tệp": "Choose a format",
    "bảng tính: mỗi mục một dòng, có câu chữ": "for spreadsheets: a row for each entry, with its sentence",
    "chương trình: mỗi mục một dòng, đủ mọi trường": "for programs: a line for each entry, with every field",
    "khai phá quy trình: mỗi đặt hàng hoặc quy trình là một vết": (
        "for process mining: a trace for each order or process"
    ),
    "khai phá quy trình theo đối tượng": "for object-centric process mining",
    "Tiến độ ghi tệp": "How far the file is",
    "Xem lại tiến độ": "See how far it is",
    "Chưa bắt đầu; bấm vào một dạng tệp ở trên.": "Not begun; choose a format above.",
    "Đã ghi xong {n} mục.": "All {n} entries are written.",
    "Đã ghi {n} trên {total} mục.": "{n} of {total} entries are written.",
    "Ngày giờ không đọc được; ghi như 12/10/2018 và 08:30.": (
        "The day or time cannot be read; write it like 12/10/2018 and 08:30."
    ),
    "Tình trạng vào ngày": "As it was on",
    "Lúc (bỏ trống là hết ngày)": "At (empty: the end of the day)",
}
