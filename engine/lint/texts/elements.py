"""What the rules of single elements, their names and expressions say to people."""

from typing import Final

from engine.lint.texts.remedies import NOTHING_EN, NOTHING_VI, REMOVE_EN, REMOVE_VI, Texts

TEXTS: Final[dict[str, Texts]] = {
    "element-unsupported": (
        "Phần tử “{tag}” chưa được hỗ trợ.",
        "The element “{tag}” is not supported.",
        REMOVE_VI,
        REMOVE_EN,
    ),
    "foreign-element": (
        "Phần tử “{tag}” không thuộc BPMN; nó bị bỏ qua.",
        "The element “{tag}” is not BPMN; it is ignored.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "data-is-documentation": (
        "Đối tượng dữ liệu chỉ là chú thích trên sơ đồ; riêng bước bù trừ của một quy trình con thấy dữ liệu vẽ trong "
        "đó như lúc quy trình con xong.",
        "Data objects are documentation here; only what compensates a sub-process sees those drawn in it as they were "
        "when the sub-process was completed.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "id-twice": (
        "Mã của “{element}” đã được dùng ở dòng {first}.",
        "The id of “{element}” is already used in line {first}.",
        "Đặt mã khác cho phần tử này.",
        "Give this element another id.",
    ),
    "id-missing": (
        "Phần tử chưa có mã; hệ thống đã tự đặt.",
        "The element had no id; one was given.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "id-unclear": (
        "Mã phần tử có ký tự không dùng được.",
        "The id contains characters that cannot be used.",
        "Chỉ dùng chữ, số, gạch dưới, gạch nối và dấu chấm.",
        "Use letters, digits, underscore, hyphen and full stop only.",
    ),
    "too-many-nodes": (
        "Quy trình có {count} phần tử, nhiều hơn {limit}.",
        "The process has {count} nodes, more than {limit}.",
        "Tách một phần thành quy trình được gọi.",
        "Move a part into a called process.",
    ),
    "too-many-flows": (
        "Quy trình có hơn {limit} đường nối.",
        "The process has more than {limit} flows.",
        "Tách một phần thành quy trình được gọi.",
        "Move a part into a called process.",
    ),
    "instantiating-unsupported": (
        "Cổng sự kiện này tạo quy trình mới hoặc chờ song song; chưa được hỗ trợ.",
        "An instantiating or parallel event gateway is not supported.",
        "Dùng sự kiện bắt đầu có thông điệp.",
        "Use message start events.",
    ),
    "reference-unresolved": (
        "Tham chiếu “{ref}” không trỏ tới phần tử nào.",
        "The reference “{ref}” points to nothing.",
        "Chọn lại thông điệp, tín hiệu hoặc mã lỗi.",
        "Choose the message, signal or error again.",
    ),
    "message-unnamed": (
        "Sự kiện chưa chọn thông điệp; tên “{message}” được dùng thay.",
        "The event names no message; “{message}” is used instead.",
        "Chọn thông điệp cho sự kiện.",
        "Choose a message for the event.",
    ),
    "name-missing": (
        "Bước này chưa có tên; người dùng sẽ thấy mã của nó.",
        "This step has no name; people will see its id.",
        "Đặt tên cho bước.",
        "Name the step.",
    ),
    "expression-unreadable": (
        "Không đọc được biểu thức “{expression}”: {why}",
        "The expression “{expression}” cannot be read: {why}",
        "Sửa biểu thức, ví dụ: decision == 'accept'.",
        "Correct the expression, for example: decision == 'accept'.",
    ),
    "script-unreadable": (
        "Không đọc được kịch bản: {why}",
        "The script cannot be read: {why}",
        "Sửa kịch bản.",
        "Correct the script.",
    ),
}
