"""Refusals of somebody who lacks the right."""

from webapp.text.refusals.refusal import NOT_YOURS, R, Refusal

REFUSALS: dict[str, Refusal] = {
    "may_not_claim": R(
        NOT_YOURS[0], "Việc này giao cho chức danh khác.", NOT_YOURS[1], "The task is offered to another post."
    ),
    "may_not_complete": R(
        NOT_YOURS[0],
        "Chỉ người đang giữ việc mới hoàn thành được việc này.",
        NOT_YOURS[1],
        "Only the person who holds the task can complete it.",
    ),
    "may_not_release": R(
        NOT_YOURS[0],
        "Chỉ người đang giữ việc hoặc người đứng đầu đơn vị mới trả việc về hàng chờ được.",
        NOT_YOURS[1],
        "Only the holder or the head of the organization can release the task.",
    ),
    "may_not_transfer": R(
        NOT_YOURS[0],
        "Chỉ người đang giữ việc hoặc người đứng đầu đơn vị mới chuyển việc được.",
        NOT_YOURS[1],
        "Only the holder or the head of the organization can transfer the task.",
    ),
    "may_not_delegate": R(
        NOT_YOURS[0],
        "Chỉ người đang giữ việc mới nhờ người khác xử lý được.",
        NOT_YOURS[1],
        "Only the holder can ask somebody for help.",
    ),
    "may_not_resolve": R(
        NOT_YOURS[0],
        "Chỉ người được nhờ mới trả kết quả nhờ được.",
        NOT_YOURS[1],
        "Only the person who was asked can give the help back.",
    ),
    "may_not_return": R(
        NOT_YOURS[0],
        "Chỉ người đang giữ việc mới trả lại được.",
        NOT_YOURS[1],
        "Only the holder can return the work.",
    ),
    "may_not_comment": R(
        NOT_YOURS[0],
        "Chức danh thanh tra chỉ xem, không trao đổi.",
        NOT_YOURS[1],
        "An auditor reads and does not comment.",
    ),
    "may_not_remove_file": R(
        NOT_YOURS[0],
        "Chỉ người đã đính kèm mới gỡ tệp được, khi việc còn mở.",
        NOT_YOURS[1],
        "Only who attached a file can remove it, while the task is open.",
    ),
    "may_not_withdraw": R(
        NOT_YOURS[0],
        "Chỉ bên ban hành mới thu hồi đặt hàng được.",
        NOT_YOURS[1],
        "Only the issuer can withdraw an order.",
    ),
    "may_not_order": R(
        NOT_YOURS[0], "Chức danh này không soạn đặt hàng.", NOT_YOURS[1], "This post does not draft orders."
    ),
    "may_not_urge": R(
        NOT_YOURS[0],
        "Chỉ cấp trên trong cây giao việc mới đôn đốc được.",
        NOT_YOURS[1],
        "Only a level above in the assignment tree can urge.",
    ),
    "may_not_extend": R(
        NOT_YOURS[0],
        "Chỉ đơn vị được giao mới xin gia hạn được.",
        NOT_YOURS[1],
        "Only the assigned organization can ask for more time.",
    ),
    "may_not_replace_lead": R(
        NOT_YOURS[0],
        "Chỉ Trưởng Cơ quan khối mới đổi đơn vị chủ trì được.",
        NOT_YOURS[1],
        "Only the head of the bloc agency can change the lead.",
    ),
    "may_not_start": R(
        NOT_YOURS[0], "Chức danh này không khởi động quy trình.", NOT_YOURS[1], "This post does not start processes."
    ),
    "may_not_deploy": R(
        NOT_YOURS[0],
        "Chức danh này không đưa quy trình vào sử dụng.",
        NOT_YOURS[1],
        "This post does not deploy processes.",
    ),
    "may_not_operate": R(
        NOT_YOURS[0], "Chức danh này không vận hành quy trình.", NOT_YOURS[1], "This post does not operate processes."
    ),
    "may_not_correct": R(
        NOT_YOURS[0],
        "Chỉ đơn vị đã nhập mới đính chính số liệu được.",
        NOT_YOURS[1],
        "Only the organization that entered a figure can correct it.",
    ),
    "not_allowed": R(
        NOT_YOURS[0],
        "Chức danh đang dùng không có quyền này.",
        NOT_YOURS[1],
        "Your present post does not have this right.",
    ),
    "not_your_session": R(
        NOT_YOURS[0], "Phiên đăng nhập này của người khác.", NOT_YOURS[1], "This session belongs to somebody else."
    ),
    "only_a_person_watches": R(
        NOT_YOURS[0], "Chỉ người dùng mới theo dõi được đặt hàng.", NOT_YOURS[1], "Only a person can follow an order."
    ),
    "post_not_held": R(
        "Quý vị không còn giữ chức danh này",
        "Xin chọn chức danh khác để làm việc tiếp.",
        "You no longer hold this post",
        "Please choose another post to go on.",
    ),
    "may_not_amend": R(
        "Không được điều chỉnh đặt hàng này",
        "Chỉ lãnh đạo của đơn vị đặt hàng được điều chỉnh đặt hàng đã ký.",
        "You may not amend this order",
        "Only the leader of the issuing organization may amend a signed order.",
    ),
    "may_not_add_work": R(
        NOT_YOURS[0],
        "Chức danh này không giao việc trong đơn vị.",
        NOT_YOURS[1],
        "This post does not give out work of the organization.",
    ),
    "may_not_decide_doubles": R(
        NOT_YOURS[0],
        "Chỉ đơn vị chủ trì và Cơ quan khối mới xử lý bản ghi nghi trùng.",
        NOT_YOURS[1],
        "Only the lead and the bloc agency decide on doubles.",
    ),
    "may_not_read_audit": R(
        NOT_YOURS[0],
        "Chức danh này không xem nhật ký chung.",
        NOT_YOURS[1],
        "This post does not read the whole log.",
    ),
    "may_not_share_view": R(
        NOT_YOURS[0],
        "Chỉ người đứng đầu mới lưu danh sách cho cả đơn vị.",
        NOT_YOURS[1],
        "Only the head saves lists for the whole organization.",
    ),
    "may_not_remove_view": R(
        NOT_YOURS[0],
        "Chỉ người đã lưu mới bỏ được danh sách này.",
        NOT_YOURS[1],
        "Only whoever saved the list can remove it.",
    ),
}
