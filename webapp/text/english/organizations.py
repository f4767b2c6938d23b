"""English of the register: who is who, posts, lines, open work."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Ai là ai, đang giữ bao nhiêu việc, theo sổ đơn vị ngày {day}": (
        "Who is who and how much they hold, by the register of {day}"
    ),
    "Tìm đơn vị, có dấu hoặc không dấu": "Search organizations, with or without diacritics",
    "Tìm: cam thinh, phu nu": "Search: cam thinh, phu nu",
    "Tại ngày": "On the day",
    "Xem tại ngày này": "Show that day",
    "Người đứng đầu (chức danh)": "Head (post)",
    "Người đứng đầu": "Head",
    "Việc đang mở": "Open tasks",
    "Đang mở": "Open",
    "Chỉ hiện {n} đơn vị đầu tiên; gõ thêm chữ để thu hẹp.": "Only the first {n} are shown; type more to narrow down.",
    "Không xếp hạng đơn vị. Chỉ đếm những việc quý vị được xem; quá hạn chỉ tính phần việc đơn vị đang giữ.": (
        "No ranking. Only tasks you may see are counted; overdue means what the organization itself holds."
    ),
    "Không tìm thấy đơn vị nào": "No organization found",
    "Thử gõ ít chữ hơn, không cần dấu; hoặc chọn ngày khác: đơn vị có thể chưa có hoặc đã sắp xếp lại vào ngày này.": (
        "Try fewer letters, without diacritics; or another day: it may not have existed or have been reorganized."
    ),
    "Xem tất cả đơn vị": "See all organizations",
    "đến hết ngày {day}": "until {day}",
    "Người giữ": "Holder",
    "chưa ai nhận": "not claimed",
    "Chỉ hiện {n} việc gấp nhất.": "Only the {n} most urgent are shown.",
    "Không có việc đang mở nào mà quý vị được xem.": "No open tasks that you may see.",
    "Đặt hàng tham gia": "Orders it takes part in",
    "đứng đầu": "head",
    "đang trống": "vacant",
    "Liên hệ": "Contact",
    "Chưa có chức danh nào trong sổ đơn vị.": "No posts in the register.",
    "Quan hệ": "Lines",
    "{n} đơn vị": ("one organization", "{n} organizations"),
    "Ngày «{typed}» không đọc được; đang xem tại hôm nay. Ghi như 12/10/2018.": (
        "The date “{typed}” cannot be read; showing today. Write it as 12/10/2018."
    ),
    "Chính quyền": "Government",
    "Cấp ủy và cơ quan Đảng": "Party committees and bodies",
    "Mặt trận và Cơ quan khối": "Front and bloc agency",
    "Tổ chức chính trị - xã hội": "Socio-political organizations",
    "Lực lượng vũ trang": "Armed forces",
    "Thôn, khu": "Hamlets and quarters",
    "Đường Đảng, trực thuộc": "Party line, above",
    "Đường Đảng, cấp dưới": "Party line, below",
    "Đường chính quyền, trực thuộc": "Government line, above",
    "Đường chính quyền, cấp dưới": "Government line, below",
    "Đường Mặt trận, trực thuộc": "Front line, above",
    "Đường Mặt trận, cấp dưới": "Front line, below",
    "Thành viên của": "Member of",
    "Các đơn vị thành viên": "Members",
    "Sắp xếp đơn vị": "Reorganize",
    "Sáp nhập, chia tách, đổi tên hoặc giải thể: việc đang mở sang đơn vị kế tục, việc đã xong giữ tên đơn vị cũ. "
    "Chạy thử không thay đổi gì.": (
        "Merge, split, rename or abolish: open work goes to the successor, finished work keeps the name of the old "
        "body. A dry run changes nothing."
    ),
    "Chọn đơn vị": "Choose organizations",
    "Đơn vị được sắp xếp": "Organizations that change",
    "Đơn vị kế tục": "Successors",
    "Chưa chọn đơn vị nào.": "None chosen yet.",
    "Bỏ chọn": "Remove",
    "Sắp xếp": "It changes",
    "Kế tục": "It succeeds",
    "Cách sắp xếp": "Kind of change",
    "Sáp nhập": "Merge",
    "Chia tách": "Split",
    "Đổi tên": "Rename",
    "Giải thể": "Abolish",
    "Bàn giao cho": "Handed over to",
    "Ngoài đặt hàng": "Outside of orders",
    "Quý vị chọn trong một việc riêng": "You choose in a task of its own",
    "Không có việc đang mở nào; chỉ ghi lại việc sắp xếp.": "No open work; only the change is recorded.",
    "Văn bản làm căn cứ": "Document it is based on",
    "Nghị quyết số …, ngày …": "Resolution no. …, of …",
    "Hiệu lực từ ngày (để trống: từ bây giờ)": "In force from (empty: from now)",
    "Mọi thay đổi vào sổ trong một lần; mỗi việc bàn giao có một dòng trong nhật ký. Đơn vị cũ vẫn còn trong sổ đơn "
    "vị.": (
        "Everything is written at once; each task handed over has its line in the log. The old body stays in the "
        "register."
    ),
    "Sắp xếp và bàn giao": "Reorganize and hand over",
    "Đã sắp xếp; bàn giao {n} phần việc.": "Reorganized; handed over: {n}.",
    "Đã sắp xếp; bàn giao {n} phần việc, {asked} phần chờ quý vị chọn đơn vị nhận trong «Việc của tôi».": (
        "Reorganized; handed over: {n}. {asked} wait in “My tasks” for you to choose who takes them."
    ),
}
