"""English of the calendar of working days."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Lịch làm việc": "Working days",
    "Lịch làm việc {year}": "Working days of {year}",
    "Thứ Hai đến thứ Sáu là ngày làm việc, trừ các ngày ghi dưới đây. Hạn tính bằng ngày làm việc theo lịch này.": (
        "Monday to Friday are working days, except for the days below. Due dates of so many working days follow this."
    ),
    "Tháng {n}": "Month {n}",
    "nghỉ hằng tuần": "weekend",
    "ngày nghỉ": "day off",
    "ngày làm việc bù": "working weekend",
    "hôm nay": "today",
    "Ngày khác lịch tuần": "Days that differ from the week",
    "làm việc": "worked",
    "nghỉ": "off",
    "Căn cứ": "Basis",
    "Lịch chưa có ngày nghỉ lễ nào. Bảng đi kèm có ngày nghỉ lễ, tết và ngày làm bù các năm 2018–2027.": (
        "The calendar has no holidays yet. A table of public holidays and working weekends of 2018–2027 comes with the "
        "program."
    ),
    "Thêm các ngày trong bảng đi kèm": "Add the days of that table",
    "Năm này chưa có ngày nào khác lịch tuần.": "No day of this year differs from the week.",
    "Thêm hoặc sửa một ngày": "Add or change a day",
    "Hạn đang mở của các việc tính theo ngày làm việc được tính lại ngay, mỗi việc có một dòng trong lịch sử. Hạn đã "
    "ghi bằng ngày cụ thể giữ nguyên.": (
        "Open due dates of so many working days are computed anew at once, each with a line in its history. Those "
        "agreed as a day stay."
    ),
    "Chưa ghi được": "Nothing was saved yet",
    "Ngày nghỉ": "A day off",
    "Ngày làm việc bù": "A working weekend",
    "Căn cứ (không bắt buộc)": "Basis (not required)",
    "Văn bản số …, ngày …": "Document number …, of …",
    "Ghi ngày này": "Save this day",
    "Đã ghi ngày {day}.": "Saved {day}.",
    "Ngày {day} lại theo lịch tuần.": "{day} follows the week again.",
    "Đã thêm {n} ngày.": "Added {n} days.",
    "{n} hạn đang mở được tính lại.": "{n} open due dates were computed anew.",
    "Không hạn nào đang mở phải tính lại.": "No open due date had to change.",
    "T2": "Mo",
    "T3": "Tu",
    "T4": "We",
    "T5": "Th",
    "T6": "Fr",
    "T7": "Sa",
    "CN": "Su",
    "Thứ Hai": "Monday",
    "Thứ Ba": "Tuesday",
    "Thứ Tư": "Wednesday",
    "Thứ Năm": "Thursday",
    "Thứ Sáu": "Friday",
    "Thứ Bảy": "Saturday",
    "Chủ nhật": "Sunday",
}
