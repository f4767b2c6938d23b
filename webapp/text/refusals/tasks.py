"""Refusals of a task."""

from webapp.text.refusals.refusal import R, Refusal

REFUSALS: dict[str, Refusal] = {
    "task_claimed": R(
        "Việc này đã có người nhận",
        "{subject} đã được {who} nhận[ lúc {at}]. Quý vị vẫn xem được việc này.",
        "Somebody has already taken this task",
        "{subject} was taken by {who}[ at {at}]. You can still see it.",
    ),
    "task_completed": R(
        "Việc này đã hoàn thành",
        "{subject} đã được {who} hoàn thành[ lúc {at}].",
        "This task is already completed",
        "{subject} was completed by {who}[ at {at}].",
    ),
    "task_cancelled": R(
        "Việc này đã được hủy",
        "{subject} không còn cần làm nữa[, từ {at}].",
        "This task was cancelled",
        "{subject} is no longer needed[, since {at}].",
    ),
    "task_handed_over": R(
        "Việc này đã được bàn giao",
        "{subject} đã chuyển sang đơn vị khác[ lúc {at}].",
        "This task was handed over",
        "{subject} went to another organization[ at {at}].",
    ),
    "task_delegated": R(
        "Việc này đang nhờ người khác",
        "{subject} đang được {who} xử lý giúp. Lấy lại việc trước khi nhờ người khác.",
        "Somebody already helps with this task",
        "{who} is helping with {subject}. Take it back before asking somebody else.",
    ),
    "nothing_to_return": R(
        "Việc này không có gì để trả lại",
        "Chỉ việc xem xét kết quả của đơn vị khác mới trả lại được.",
        "There is nothing to return",
        "Only a task that reviews the work of others can return it.",
    ),
    "changed_meanwhile": R(
        "Có người vừa thay đổi trước",
        "Nội dung này vừa được người khác thay đổi. Xin mở lại trang để xem bản mới nhất rồi làm lại.",
        "Somebody changed it first",
        "This was changed by somebody else a moment ago. Open the page again and repeat what you want to do.",
    ),
    "separation_of_duties": R(
        "Một người không được làm cả hai bước",
        "Quý vị đã làm bước trước của quy trình này; bước này phải do người khác làm.",
        "One person may not do both steps",
        "You did an earlier step of this process; somebody else has to do this one.",
    ),
    "no_person_chosen": R(
        "Chưa chọn người",
        "Xin chọn một người trong danh sách.",
        "Nobody is chosen",
        "Please choose somebody from the list.",
    ),
}
