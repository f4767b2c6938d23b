"""English of the regulation of coordination: headings, sentences, what is said where no PDF can be made."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Quy chế phối hợp": "Regulation of coordination",
    "Quy chế phối hợp: {name}": "Regulation of coordination: {name}",
    "Lập tự động từ mô hình quy trình; mã gói (SHA-256):": "Made from the model of the process; bundle (SHA-256):",
    "BẢN NHÁP, CHƯA CÓ HIỆU LỰC": "DRAFT, NOT IN FORCE",
    "Phiên bản này đã thôi dùng từ {day}": "This version is out of use since {day}",
    "Lần sửa {n}, {day}": "Revision {n}, {day}",
    "trang in": "page for print",
    "bản Word": "for Word",
    "bản PDF": "as PDF",
    "Tải bản Word": "Get it for Word",
    "Tải bản PDF": "Get it as PDF",
    "Máy chủ này chưa làm được PDF: cần gói lienthong[docs] và thư viện Pango. Trong lúc đó, dùng lệnh In của trình "
    "duyệt và chọn «Lưu thành PDF».": (
        "This server cannot make PDF yet: it needs the package lienthong[docs] and the library Pango. Until then, use "
        "the print command of the browser and choose “Save as PDF”."
    ),
    "Ai chịu trách nhiệm gì": "Who answers for what",
    "Trường hợp khác": "Other cases",
    "Sơ đồ: {name}": "Diagram: {name}",
    "Ai": "Who",
    "«{name}»": "“{name}”",
    "Phối hợp": "Coordinating",
    "Nhận để biết": "Informed",
    "thuộc «{page}»": "part of “{page}”",
    "Nơi được chọn ở bước này": "Those chosen in this step",
    "kết thúc: {name}": "end: {name}",
    "đến bước {n}": "to step {n}",
    "quay lại bước {n}": "back to step {n}",
    "Tiếp theo: {names}.": "Then: {names}.",
    "Khi đang làm {step} mà có {name}, bước này dừng.": "If {name} comes while {step} is being done, that step ends.",
    "Khi đang làm {step} mà có {name}, bước này vẫn tiếp tục.": (
        "If {name} comes while {step} is being done, that step goes on."
    ),
    "Bất cứ lúc nào trong {page} mà có {name}, các bước đang làm dừng.": (
        "If {name} comes at any time during {page}, the steps being done end."
    ),
    "Bất cứ lúc nào trong {page} mà có {name}, các bước đang làm vẫn tiếp tục.": (
        "If {name} comes at any time during {page}, the steps being done go on."
    ),
    "Sau {steps}, nếu «{name}» thì làm lại từ {to}.": "After {steps}, with “{name}” all is done again from {to} on.",
    "Sau {steps} có thể làm lại từ {to}.": "After {steps} it may go back to {to}.",
    "mọi nơi được giao": "all who were given a part",
    "«{name}»: chờ đủ ({who}), lâu nhất {n} ngày làm việc; hết hạn thì đi tiếp và nêu tên nơi còn thiếu.": (
        "“{name}”: waits for all ({who}), one working day at most; then it goes on and names the missing.",
        "“{name}”: waits for all ({who}), {n} working days at most; then it goes on and names the missing.",
    ),
    "«{name}»: chờ đủ ({who}) hoặc đến hạn chốt; hết hạn thì đi tiếp và nêu tên nơi còn thiếu.": (
        "“{name}”: waits for all ({who}) or the cut-off; then it goes on and names the missing."
    ),
    "«{name}»: chờ đủ ({who}), không có hạn chốt.": "“{name}”: waits for all ({who}), without a cut-off.",
    "Phải hủy kết quả của «{name}» thì làm {to}.": "Where “{name}” has to be undone, {to} is done.",
    "Người làm «{name}» không được là người đã làm {step}.": "Who does “{name}” must not be who did {step}.",
    "«{name}» được bỏ qua nếu chỉ người đã làm {step} làm được bước này.": (
        "“{name}” is passed where only who did {step} could do it."
    ),
    "thông điệp": "a message",
    "hết giờ": "the end of the time",
    "lỗi": "an error",
    "việc phải báo lên trên": "something to report to those above",
    "tín hiệu": "a signal",
    "điều kiện thành đúng": "a condition that becomes true",
    "đủ {kinds}": "all of {kinds}",
}
