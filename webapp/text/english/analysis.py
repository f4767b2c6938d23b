"""English of the analysis of the log: flow by step, organization and level, comparison."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Phân tích": "Analysis",
    "Việc chảy qua các bước và đơn vị thế nào, tính từ nhật ký.": (
        "How work flows through steps and organizations, computed from the log."
    ),
    "Tên quy trình": "Process",
    "Mọi quy trình": "All processes",
    "Tên đơn vị": "Organization",
    "Mọi đơn vị": "All organizations",
    "từ đầu đến nay": "from the beginning until now",
    "từ {day}": "from {day}",
    "đến hết {day}": "until {day}",
    "không rõ": "not known",
    "không có bước nào của người": "no step of a person",
    "So sánh": "Comparison",
    "So sánh với kỳ hoặc nơi khác": "Compare with another period or place",
    "Bên {n}": "Side {n}",
    "Bên 2: từ ngày": "Side 2: from",
    "Bên 2: đến hết ngày": "Side 2: until the end of",
    "Bên 2: đơn vị": "Side 2: organization",
    "Bên 2: địa bàn": "Side 2: place",
    "Không có quy trình nào như vậy; đang tính mọi quy trình.": "There is no such process; all are counted.",
    "Kỳ này có quá nhiều mục nhật ký: chỉ tính phần mới nhất. Chọn kỳ ngắn hơn để tính đủ.": (
        "The period has too many entries: only the newest are counted. Choose a shorter one to count all."
    ),
    "{n} lần nhận hoặc xong của việc không rõ mở lúc nào, không tính ở dưới.": (
        "{n} acts on work whose opening is not known are not counted below."
    ),
    "Chỗ nghẽn": "Bottlenecks",
    "«{step}»: chờ trung vị {wait}, làm trung vị {work}; tổng cộng {total}.": (
        "“{step}”: median waiting {wait}, median working {work}; {total} altogether."
    ),
    "Chưa có bước nào xong hoặc được nhận trong kỳ.": "No step was claimed or completed in the period.",
    "Số bước xong mỗi tuần": "Steps completed per week",
    "Số bước xong mỗi tuần; nội dung tương đương ở bảng bên dưới.": (
        "Steps completed per week; the table below says the same."
    ),
    "Tuần từ ngày": "Week from",
    "Mở": "Opened",
    "Nhận": "Claimed",
    "Xong": "Completed",
    "Chờ": "Waiting",
    "Làm": "Working",
    "Chờ: trung vị": "Waiting: median",
    "Chờ: 90%": "Waiting: 90th percentile",
    "Làm: trung vị": "Working: median",
    "Làm: 90%": "Working: 90th percentile",
    "Thời gian chờ và làm": "Waiting and working times",
    "Chờ: từ lúc mở đến lúc được nhận lần đầu. Làm: từ lúc ấy đến lúc xong. Trong ngoặc là số lần đo.": (
        "Waiting: from opening to the first claim. Working: from then to completion. In brackets: how many."
    ),
    "Trung vị chờ và làm của các bước mất nhiều thời gian nhất; nội dung tương đương ở bảng bên dưới.": (
        "Median waiting and working of the steps that took most time; the table below says the same."
    ),
    "Thanh trên: chờ. Thanh dưới: làm.": "Upper bar: waiting. Lower bar: working.",
    "Theo bước": "By step",
    "Theo đơn vị": "By organization",
    "Theo cấp": "By level",
    "Đúng hạn và quá hạn": "On time and late",
    "Xong đúng hạn": "Completed on time",
    "Xong quá hạn": "Completed late",
    "Xong, không có hạn": "Completed, without a due",
    "Còn mở, đã quá hạn": "Still open, overdue",
    "Qua lại giữa các đơn vị": "Back and forth between organizations",
    "{n} lần trả lại, {m} lần chuyển hoặc bàn giao việc.": "Sent back: {n}. Transferred or handed over: {m}.",
    "Số lần": "Times",
    "Trong đó quay lại": "Of them back",
    "Các đường đi của quy trình đã xong": "Variants of finished processes",
    "Các bước đã xong": "Completed steps",
    "Tỷ lệ %": "Share %",
    "{n} đường khác": "Other variants: {n}",
    "Nhật ký không có việc nào khớp điều kiện.": "The log has no work that matches.",
    "Chỉ số": "Measure",
    "Tổng thời gian": "Total time",
    "Bảng có {n} dòng nữa; chọn kỳ ngắn hơn, một quy trình hoặc một nơi để thấy hết.": (
        "The table has {n} more rows; choose a shorter period, one process or one place to see all."
    ),
    "Sơ đồ: số lần đi qua": "Diagram: how often each element was passed",
    "Sơ đồ: thời gian chờ và làm": "Diagram: time waited and worked",
    "Bảng của sơ đồ": "The diagram as a table",
    "Tô màu theo": "Coloured by",
    "Thời gian": "Time",
    "Số lần đi qua": "Times passed",
    "Phần tử": "Element",
    "Mọi phiên bản": "All versions",
    "Bản vẽ: phiên bản {version}.": "Drawn: version {version}.",
    "Chỉ tính phiên bản này.": "Only this version is counted.",
    "Tính mọi phiên bản.": "All versions are counted.",
    "{n} phần tử chỉ có ở phiên bản khác nên không có trên sơ đồ.": (
        "{n} elements are only in other versions and not in the diagram."
    ),
    "Quy trình này không có phiên bản như vậy; đang tính mọi phiên bản.": (
        "The process has no such version; all are counted."
    ),
    "Thay đổi": "Change",
    "Thay đổi: bên 2 so với bên 1.": "Change: side 2 compared with side 1.",
    "So sánh từng bước": "Step by step",
    "So sánh đơn vị có ở cả hai bên": "Organizations on both sides",
    "Chuyển hoặc bàn giao": "Transferred or handed over",
    "như nhau": "the same",
    "{n} phút": "{n} min",
}
