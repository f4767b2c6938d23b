"""What the rules of events and timers say to people."""

from typing import Final

from engine.lint.texts.remedies import NOTHING_EN, NOTHING_VI, Texts

TEXTS: Final[dict[str, Texts]] = {
    "event-multiple": (
        "Những thứ này không thể đứng chung trong một sự kiện: {kinds}.",
        "These cannot stand together in one event: {kinds}.",
        "Tách thành nhiều sự kiện.",
        "Split it into several events.",
    ),
    "event-parallel": (
        "Sự kiện chờ đủ mọi thứ không thể chờ: {kinds}.",
        "An event that waits for everything together cannot wait for: {kinds}.",
        "Chỉ chờ đủ thông điệp, tín hiệu, thời gian và điều kiện; thứ khác tách thành sự kiện riêng.",
        "Let it wait for messages, signals, times and conditions only, and split off the rest.",
    ),
    "correlation-ignored": (
        "Khoá tương quan của tin không được dùng: tin đến theo tên, cho đúng lượt giao việc nó được gửi tới.",
        "The correlation key of the message is not used: it arrives by its name, at the assignment it was sent to.",
        "Nếu nhiều lượt cùng chờ một tin, đặt tên tin khác nhau.",
        "Where several wait for the same message, give the messages different names.",
    ),
    "name-calculated": (
        "Tên “{expression}” được tính khi chạy; hệ thống chỉ nhận tên viết sẵn.",
        "The name “{expression}” is worked out when it runs; only a name that is written out is matched.",
        "Viết tên cố định; điều khác nhau giữa các lượt đặt trong dữ liệu của tin.",
        "Write a fixed name, and put what differs between runs into the data of the message.",
    ),
    "event-condition-missing": (
        "Sự kiện điều kiện chưa có điều kiện chạy được.",
        "The conditional event has no condition that can be asked.",
        "Nhập điều kiện, ví dụ: total > 100.",
        "Enter a condition such as: total > 100.",
    ),
    "start-conditional": (
        "Trước khi quy trình bắt đầu thì chưa có dữ liệu để xét điều kiện.",
        "Before a process begins there are no data over which a condition could be asked.",
        "Bắt đầu bằng tay, thông điệp, tín hiệu hoặc thời gian, rồi chờ điều kiện bằng sự kiện trung gian.",
        "Begin by hand, by a message, a signal or a time, then wait for the condition with an intermediate event.",
    ),
    "start-parallel": (
        "Trước khi quy trình bắt đầu thì chưa có gì để ghi nhớ thứ nào đã đến.",
        "Before a process begins there is nothing that could remember which trigger has come already.",
        "Bắt đầu bằng một trong số đó, rồi chờ những thứ còn lại bằng sự kiện trung gian.",
        "Begin with one of them, then wait for the others with an intermediate event.",
    ),
    "event-definition-inlined": (
        "Định nghĩa sự kiện dùng chung “{ref}” đã được chép vào.",
        "The shared event definition “{ref}” was copied in.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "event-unsupported": (
        "Loại sự kiện “{kind}” không dùng được ở đây.",
        "An event of kind “{kind}” cannot be used here.",
        "Chọn loại sự kiện khác.",
        "Choose another kind of event.",
    ),
    "event-empty": (
        "Sự kiện này chưa chờ gì: thông điệp, tín hiệu hay thời gian.",
        "This event waits for nothing.",
        "Chọn thông điệp, tín hiệu hoặc thời gian.",
        "Choose a message, a signal or a time.",
    ),
    "boundary-loose": (
        "Sự kiện biên không gắn với công việc nào cùng tầng.",
        "The boundary event is not attached to an activity of its level.",
        "Kéo sự kiện vào cạnh của công việc.",
        "Drag the event onto the border of an activity.",
    ),
    "error-always-interrupts": (
        "Lỗi luôn dừng công việc, dù sơ đồ vẽ nét đứt.",
        "An error always interrupts its activity.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "start-missing": (
        "Không tìm được điểm bắt đầu.",
        "There is no place to begin.",
        "Thêm sự kiện bắt đầu.",
        "Add a start event.",
    ),
    "start-implied": (
        "Chưa vẽ sự kiện bắt đầu; hệ thống tự thêm.",
        "No start event is drawn; one was added.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "start-several": (
        "Có nhiều sự kiện bắt đầu giống nhau.",
        "There are several equal start events.",
        "Chỉ giữ một, hoặc đặt thông điệp khác nhau.",
        "Keep one, or give them different messages.",
    ),
    "start-in-subprocess": (
        "Quy trình con chỉ bắt đầu bằng sự kiện thường.",
        "A sub-process begins with a plain start event only.",
        "Đổi sang sự kiện bắt đầu thường.",
        "Change it to a plain start event.",
    ),
    "start-message-twice": (
        "Thông điệp “{message}” đã mở đầu quy trình “{other}”.",
        "Message “{message}” already starts the process “{other}”.",
        "Dùng thông điệp khác.",
        "Use another message.",
    ),
    "end-implied": (
        "Nhánh này chưa có sự kiện kết thúc; hệ thống tự thêm.",
        "This branch has no end event; one was added.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "link-rewritten": (
        "Liên kết “{link}” được nối thành một đường.",
        "The link “{link}” was joined into a flow.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "link-open": (
        "Liên kết “{link}” không có đầu kia.",
        "The link “{link}” has no other end.",
        "Vẽ cả hai đầu với cùng một tên.",
        "Draw both ends with the same name.",
    ),
    "link-twice": (
        "Liên kết “{link}” có hai đầu nhận.",
        "The link “{link}” has two targets.",
        "Chỉ giữ một đầu nhận.",
        "Keep one target.",
    ),
    "timer-empty": (
        "Chưa đặt thời gian.",
        "The timer has no time.",
        "Nhập thời hạn, ví dụ P5D, hoặc số ngày làm việc.",
        "Enter a duration such as P5D, or a number of working days.",
    ),
    "timer-unclear": (
        "Không hiểu thời gian “{text}”.",
        "The time “{text}” is not understood.",
        "Viết theo ISO 8601: PT4H, P5D, R3/P7D hoặc 2026-11-30T08:00+07:00.",
        "Write ISO 8601: PT4H, P5D, R3/P7D or 2026-11-30T08:00+07:00.",
    ),
    "timer-start-expression": (
        "Khi quy trình tự bắt đầu thì chưa có dữ liệu để tính thời gian “{text}”.",
        "A process that begins by itself has no data yet from which the time “{text}” could be worked out.",
        "Viết thời gian cố định theo ISO 8601: R/P7D hoặc 2026-11-30T08:00+07:00.",
        "Write a fixed time in ISO 8601: R/P7D or 2026-11-30T08:00+07:00.",
    ),
    "timer-without-offset": (
        "Thời điểm “{text}” không có múi giờ.",
        "The instant “{text}” has no offset from UTC.",
        "Thêm +07:00.",
        "Add +07:00.",
    ),
    "working-days-unclear": (
        "Số ngày làm việc “{text}” không hợp lệ.",
        "The number of working days “{text}” is not valid.",
        "Nhập một số nguyên từ 1 đến 999.",
        "Enter a whole number from 1 to 999.",
    ),
}
