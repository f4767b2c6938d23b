"""English of the editors of designs: drawing, forms, decision tables; what scripts say is beside the scripts."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Cách sửa": "Ways to edit",
    "Bản vẽ": "Drawing",
    "Biến": "Variables",
    "Những gì vẽ được": "What can be drawn",
    "Ý nghĩa của phần đang chọn": "What the selected part means",
    "Biểu mẫu {name}": "Form {name}",
    "Dùng ở:": "Used by:",
    "Chưa bước nào dùng biểu mẫu này.": "No step uses this form yet.",
    "Người làm sẽ thấy": "What people will see",
    "Trên máy tính": "On a desk",
    "Trên điện thoại": "On a phone",
    "Bảng quyết định {name}": "Decision table {name}",
    "Tải tệp {name}": "Download {name}",
    "Đọc bản thiết kế, tệp, góp ý": "Read the design, its files and remarks",
}
