"""What the rules of the standard, and of what stands beside the flow, say to people."""

from typing import Final

from engine.lint.texts.remedies import Texts

TEXTS: Final[dict[str, Texts]] = {
    "start-without-exit": (
        "Sự kiện bắt đầu không có đường đi ra.",
        "The start event has no outgoing sequence flow.",
        "Nối sự kiện bắt đầu với bước đầu tiên.",
        "Connect it to the first step.",
    ),
    "start-trigger-place": (
        "Sự kiện bắt đầu loại “{kind}” chỉ dùng trong quy trình con kích hoạt bằng sự kiện.",
        "A start event “{kind}” may only begin an event sub-process.",
        "Đổi loại sự kiện, hoặc đặt nó trong quy trình con kích hoạt bằng sự kiện.",
        "Change the trigger, or put it into an event sub-process.",
    ),
    "event-subprocess-start": (
        "Quy trình con kích hoạt bằng sự kiện cần đúng một sự kiện bắt đầu có điều kiện kích hoạt.",
        "An event sub-process needs exactly one start event, with a trigger.",
        "Vẽ một sự kiện bắt đầu: thông điệp, tín hiệu, hẹn giờ, lỗi, leo thang hoặc bù trừ.",
        "Draw one start event: message, signal, timer, error, escalation or compensation.",
    ),
    "event-subprocess-plain": (
        "Quy trình con kích hoạt bằng sự kiện không lặp và không có sự kiện ở biên.",
        "An event sub-process has no loop marker and no boundary events.",
        "Bỏ dấu lặp và các sự kiện ở biên.",
        "Remove the marker and the boundary events.",
    ),
    "flow-beside": (
        "Phần tử này đứng ngoài luồng: không có đường nối đến hoặc đi.",
        "This element stands beside the flow: no sequence flow may touch it.",
        "Bỏ các đường nối; nối xử lý bù trừ bằng liên kết (association).",
        "Remove the flows; a compensation handler is joined by an association.",
    ),
    "compensation-unused": (
        "Bước bù trừ này không gắn với bước nào.",
        "This compensation activity compensates nothing.",
        "Nối nó với sự kiện bù trừ ở biên của một bước.",
        "Join it to a compensation event at the border of an activity.",
    ),
    "compensation-handler-missing": (
        "Sự kiện bù trừ ở biên chưa nối với bước bù trừ cùng tầng.",
        "The compensation event is not joined to a compensation activity of the same level.",
        "Nối bằng liên kết tới một bước có đánh dấu bù trừ.",
        "Draw an association to an activity that is marked for compensation.",
    ),
    "compensation-activity": (
        "Không có bước “{activity}” cùng tầng để bù trừ.",
        "There is no activity “{activity}” on this level to be compensated.",
        "Chọn một bước cùng tầng, hoặc bỏ chọn để bù trừ tất cả.",
        "Choose an activity of the same level, or none to compensate all.",
    ),
    "compensation-nothing": (
        "Bước “{activity}” không có cách bù trừ.",
        "The activity “{activity}” has nothing that compensates it.",
        "Gắn sự kiện bù trừ vào biên của bước đó.",
        "Attach a compensation event to its border.",
    ),
    "compensation-not-awaited": (
        "Bù trừ không chờ kết quả (waitForCompletion=false) không được hỗ trợ.",
        "Compensation that is not waited for (waitForCompletion=false) is not supported.",
        "Bỏ thuộc tính này: quy trình chờ bù trừ xong.",
        "Remove the attribute: the process waits until it is done.",
    ),
    "compensation-start-place": (
        "Bắt đầu bằng bù trừ chỉ dùng trong một quy trình con.",
        "A compensation start event is for the inside of a sub-process.",
        "Đặt nó trong quy trình con cần bù trừ.",
        "Put it into the sub-process that is to be compensated.",
    ),
    "cancel-outside-transaction": (
        "Sự kiện hủy chỉ dùng với giao dịch (transaction).",
        "A cancel event belongs to a transaction.",
        "Đặt nó trong, hoặc ở biên của, một giao dịch.",
        "Put it into, or at the border of, a transaction.",
    ),
    "cancel-uncaught": (
        "Giao dịch có kết thúc hủy nhưng không có sự kiện hủy ở biên.",
        "The transaction has a cancel end event but no cancel event at its border.",
        "Gắn sự kiện hủy vào biên của giao dịch.",
        "Attach a cancel event to the border of the transaction.",
    ),
    "quantity-unsupported": (
        "Thuộc tính “{attribute}” khác 1 không được hỗ trợ.",
        "The attribute “{attribute}” other than 1 is not supported.",
        "Đặt lại bằng 1; dùng cổng song song hoặc lặp nhiều bản.",
        "Set it to 1; use a parallel gateway or a multi-instance.",
    ),
    "timer-several": (
        "Hẹn giờ có nhiều hơn một thời điểm.",
        "The timer has more than one time.",
        "Giữ lại một trong: thời điểm, khoảng thời gian, chu kỳ.",
        "Keep one of: date, duration, cycle.",
    ),
    "script-missing": (
        "Bước kịch bản không có nội dung; một người sẽ xác nhận đã làm.",
        "The script task has no script; a person confirms it.",
        "Viết kịch bản bằng Python, hoặc đổi thành việc của người.",
        "Write it in Python, or make it a user task.",
    ),
    "subprocess-empty": (
        "Quy trình con chưa có gì bên trong; nó được đi qua ngay.",
        "The sub-process is empty; it is passed at once.",
        "Vẽ các bước bên trong.",
        "Draw what it consists of.",
    ),
    "gateway-undecided": (
        "Cổng rẽ nhánh có {ways} đường nhưng không có điều kiện; một người sẽ chọn đường.",
        "The gateway has {ways} ways and no condition; a person chooses the way.",
        "Nhập điều kiện cho từng đường nếu muốn hệ thống tự chọn.",
        "Enter conditions if the system is to choose.",
    ),
    "flow-crosses-pools": (
        "Đường nối đi từ nhóm (pool) này sang nhóm khác.",
        "The sequence flow leads from one pool to another.",
        "Dùng luồng thông điệp giữa các nhóm.",
        "Use a message flow between pools.",
    ),
    "message-flow-inside-pool": (
        "Luồng thông điệp nằm trong cùng một nhóm (pool).",
        "The message flow stays within one pool.",
        "Dùng đường nối bình thường bên trong một nhóm.",
        "Use a sequence flow inside a pool.",
    ),
    "message-flow-end": (
        "Phần tử “{node}” không gửi hoặc nhận thông điệp được.",
        "The element “{node}” can neither send nor receive a message here.",
        "Nối luồng thông điệp với một bước hoặc sự kiện thông điệp.",
        "Join the message flow to an activity or a message event.",
    ),
    "condition-after-event": (
        "Đường đi ra từ một sự kiện không được có điều kiện.",
        "A sequence flow that leaves an event must not have a condition.",
        "Đặt điều kiện sau một cổng rẽ nhánh.",
        "Put the condition after an exclusive gateway.",
    ),
    "read-in-parallel": (
        "Nhánh này đọc “{field}” trong khi nhánh song song khác (bước “{other}”) ghi nó; mỗi nhánh chỉ thấy dữ liệu "
        "của mình cho đến chỗ gặp nhau.",
        "This branch reads “{field}” while a parallel one (element “{other}”) writes it; until they meet, each branch "
        "sees only its own data.",
        "Ghi trước khi rẽ nhánh song song, hoặc đọc sau khi các nhánh gặp nhau.",
        "Write it before the split, or read it after the branches have met.",
    ),
    "data-sources": (
        "Liên kết dữ liệu có nhiều nguồn nhưng không có biểu thức.",
        "The data association has several sources and no transformation.",
        "Thêm biểu thức, hoặc giữ một nguồn.",
        "Add a transformation, or keep one source.",
    ),
    "data-name": (
        "Liên kết dữ liệu từ “{source}” đến “{target}” cần mã là một tên biến.",
        "The data association from “{source}” to “{target}” needs ids that are variable names.",
        "Đặt mã chỉ gồm chữ cái không dấu, chữ số và dấu gạch dưới.",
        "Use ids of letters, digits and underscores.",
    ),
    "event-gateway-single": (
        "Cổng sự kiện phải có ít nhất hai đường ra.",
        "An event-based gateway needs at least two outgoing flows.",
        "Thêm một sự kiện, hoặc bỏ cổng.",
        "Add an event, or remove the gateway.",
    ),
    "event-gateway-mixed": (
        "Cổng sự kiện không được vừa có bước nhận vừa có sự kiện thông điệp.",
        "An event-based gateway must not mix receive tasks and message events.",
        "Dùng một trong hai loại.",
        "Use one of the two.",
    ),
}
