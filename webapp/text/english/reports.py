"""English of the figures pages: totals, tables, charts, records, corrections."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Từ đầu đến nay ({day}). Mỗi con số mở ra được đến bản ghi gốc; người và lượt người không bao giờ cộng với nhau.": (
        "From the beginning to now ({day}). Each number opens to its records; persons and person-times are never added."
    ),
    "Chưa có số liệu": "No figures yet",
    "Số liệu hiện ở đây khi các địa bàn gửi báo cáo cho đặt hàng mà đơn vị của quý vị tham gia.": (
        "Figures appear here when areas report on orders your organization takes part in."
    ),
    "Từ đâu mà có": "Where it comes from",
    "Chỉ tiêu": "Target",
    "Báo cáo": "Reports",
    "Nhập cho cả {name}": "Entered for {name} as a whole",
    "đủ": "complete",
    "thiếu {name}": "{name} is missing",
    "thiếu {n}": "{n} missing",
    "Không cộng theo cột này: cùng một tuần hoặc địa bàn có thể đứng ở nhiều dòng.": (
        "This column does not add up: one week or area may stand in several lines."
    ),
    "Bản ghi gốc": "Records",
    "Ngày": "Day",
    "Hoạt động": "Event",
    "Người nhập": "Entered by",
    "Kèm theo": "With it",
    "{n} tệp": ("one file", "{n} files"),
    "đã đính chính {n} lần": ("corrected once", "corrected {n} times"),
    "Các bản ghi cũ hơn": "Older records",
    "Số này đã được thay bằng {figure}": "This was replaced by {figure}",
    "Xem số mới": "See the new one",
    "Bản ghi": "Record",
    "Nhập lúc": "Entered at",
    "báo cáo": "report",
    "báo cáo bổ sung": "late report",
    "đính chính": "correction",
    "rút lại": "taken back",
    "ngày {day}": "on {day}",
    "Cùng ghi nhận": "Claimed by",
    "Mở việc đã nhập số này": "Open the task that entered it",
    "Ảnh và tệp": "Photos and files",
    "Các lần đính chính": "Corrections",
    "Lúc": "At",
    "Đính chính": "Correct",
    "Số cũ không bị xóa: số mới thay nó trong các tổng, và cả hai đều còn xem được.": (
        "The old number is not deleted: the new one takes its place in the totals, and both can be read."
    ),
    "Số đúng ({unit})": "The right number ({unit})",
    "Gửi đính chính": "Send the correction",
    "Đã đính chính; số cũ vẫn được lưu.": "Corrected; the old number is kept.",
    "Số không đọc được; ghi như 12.283 hoặc 285,5": "The number cannot be read; write it as 12.283 or 285,5",
    "theo địa giới lúc ghi nhận": "by the borders of the time",
    "Mọi chỉ tiêu": "Everything counted",
    "Kỳ báo cáo": "Period",
    "Từ ngày": "From day",
    "từ ngày": "from",
    "Đến ngày": "To day",
    "đến ngày": "to",
    "Đủ {n}/{n} địa bàn đã báo cáo": "All {n} of {n} areas have reported",
    "{name} theo địa bàn": "{name} by area",
    "{name} theo địa bàn. Số liệu có trong bảng bên dưới.": "{name} by area. The figures are in the table below.",
    "Bảng số liệu": "Table",
    "chưa có": "none yet",
    "{reported}/{expected} đủ": "{reported}/{expected} complete",
    "{name} theo tuần": "{name} by week",
    "ô nét đứt: tuần không tổ chức": "dashed: nothing was held",
    "{name} theo tuần: {held} tuần có tổ chức, {not_held} tuần không tổ chức.": (
        "{name} by week: held in {held} weeks, not held in {not_held}."
    ),
    "Bảng {n} tuần": "Table of {n} weeks",
    "Tuần": "Week",
    "Ghi chú": "Remark",
    "Tuần được đếm khác nhau trong cả địa bàn: nhiều phường, xã cùng tổ chức một tuần là một tuần. "
    "Các chỉ tiêu khác nhau không cộng với nhau.": (
        "Different weeks are counted over the whole area: several communes in one week are one week. "
        "Different indicators are never added."
    ),
    "Xem": "Show",
    # series and periods
    "Lễ phát động, ra quân vệ sinh môi trường": "Environment: launches and clean-ups",
    "Ngày chủ nhật xanh": "Green Sundays",
    "Tuyên truyền": "Propaganda",
    "Dân vận khéo": "Skilful mass mobilization",
    "Nông thôn mới": "New rural areas",
    "Chỉ tiêu khác": "Other indicators",
    "cộng từ {n} bản ghi": ("from one record", "the sum of {n} records"),
    "đếm tuần khác nhau, từ {n} bản ghi": "different weeks, from {n} records",
    "đếm địa bàn khác nhau, từ {n} bản ghi": "different areas, from {n} records",
    "cộng từ {n} số, trong đó {rough} số ước lượng": "the sum of {n} numbers, {rough} of them rough",
    "Không tổ chức: {reason}": "Not held: {reason}",
    "Tuần {n}": ("Week {n}", "Week {n}"),
    "Từ đầu đến nay ({day})": "From the beginning to now ({day})",
    "Từ đầu đến nay": "From the beginning to now",
    "Tháng {m}/{y}": "Month {m}/{y}",
    "Quý {q}/{y}": "Quarter {q}/{y}",
    "Ngày không đọc được; ghi như 12/10/2018. Đang xem toàn bộ thời gian.": (
        "The date cannot be read; write it as 12/10/2018. Showing the whole time."
    ),
}
