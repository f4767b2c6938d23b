"""English of who gets a step: its way of assigning, and why it went where it went."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Trực tiếp": "Directly",
    "Quay vòng": "In turn",
    "Hàng chờ": "Queue",
    "Việc giao trực tiếp: chỉ một người giữ vai trò này.": "It was given directly: only one person plays this role.",
    "Việc giao trực tiếp cho người đứng đầu giữ vai trò này.": "It was given directly to the head who plays this role.",
    "Việc giao quay vòng: đến lượt người lâu nhất chưa nhận bước này.": (
        "It was given in turn: to who got the last such step longest ago."
    ),
    "Nhiều người giữ vai trò này mà không rõ ai đứng đầu, nên việc để ở hàng chờ.": (
        "Several play this role and none of them is the head, so it waits for who takes it."
    ),
    "Không còn ai khác được làm bước này, nên việc để ở hàng chờ.": (
        "Nobody else may do this step, so it waits in the queue."
    ),
    "Cấp trên trực tiếp": "The level directly above",
    "cấp {level}": "the level {level}",
    "Cấp: {level}": "Level: {level}",
    "Cùng cấp": "The same level",
    "Cấp của bước {name}: {before} → {after}": "Level of {name}: {before} → {after}",
    "Không tìm được đúng một tổ chức ở cấp được chọn có người giữ vai trò «{role}» nên chưa giao được việc. Thêm người "
    "giữ vai trò rồi thử lại, hoặc báo người thiết kế quy trình.": (
        "There is no single organization at the chosen level in which somebody has the role «{role}», so nobody gets "
        "the work. Give somebody the role and try again, or tell the designer of the process."
    ),
    "Vai trò này được tìm ở {level}.": "The role was looked for at {level}.",
    "Người đứng đầu tổ chức": "The head of the organization",
    "Cùng nhận: {posts}": "May take it too: {posts}",
    "Người cùng nhận bước {name}: {before} → {after}": "Who may take {name} too: {before} → {after}",
    "Trong tổ chức, người giữ chức danh này cũng nhận được: {posts}.": (
        "Within the organization these may take it too: {posts}."
    ),
    "Chỉ tổ chức làm bước này": "Only the organization that does the step",
    "Các bên của đặt hàng": "The parties of the order",
    "Quyền xem: {who}": "Seen by: {who}",
    "Quyền xem của bước {name}: {before} → {after}": "Who sees {name}: {before} → {after}",
    "Chỉ tổ chức này xem được việc cùng biểu mẫu, câu trả lời và tệp của bước.": (
        "Only this organization sees the task with its form, answers and files."
    ),
    "Cách giao: {way}": "Assigned: {way}",
    "Cách giao của bước {name}: {before} → {after}": "Way of assigning {name}: {before} → {after}",
    "Giao ngay cho {who}.": "Given at once to {who}.",
}
