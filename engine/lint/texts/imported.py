"""What the rules of diagrams drawn with other tools say to people."""

from typing import Final

from engine.lint.texts.remedies import Texts

TEXTS: Final[dict[str, Texts]] = {
    "foreign-kept": (
        "Giữ nguyên nhưng không chạy: {what}.",
        "Kept as drawn, but not executed: {what}.",
        "Nếu bước này cần đến, hãy đặt lại bằng thuộc tính của hệ thống.",
        "Where the step needs it, set it again with our own properties.",
    ),
    "foreign-script": (
        "Kịch bản viết bằng “{language}” không bao giờ được chạy; một người sẽ xác nhận đã làm.",
        "The script in “{language}” is never run; a person confirms the step.",
        "Viết lại bằng Python, hoặc đổi thành bước do người làm.",
        "Write it again in Python, or make it a user task.",
    ),
    "shell-refused": (
        "Bước này chạy lệnh của hệ điều hành; hệ thống không nhận.",
        "This step runs a command of the operating system, which is not accepted.",
        "Đổi thành bước do người làm, hoặc chọn lệnh (lt:operator).",
        "Make it a user task, or choose a command (lt:operator).",
    ),
    "skip-ignored": (
        "Điều kiện bỏ qua (skipExpression) không có tác dụng: bước này luôn chạy.",
        "The skip expression has no effect: the step is always done.",
        "Vẽ một cổng rẽ nhánh đi vòng qua bước này.",
        "Draw a gateway with a way round the step.",
    ),
    "assignment-proposed": (
        "Sơ đồ giao bước này cho {who}; hệ thống chưa biết đó là ai.",
        "The diagram gives this step to {who}; nobody here is known by that name.",
        "Gắn vai trò (lt:role) cho bước hoặc cho làn; nếu không, người bắt đầu quy trình sẽ làm.",
        "Give the step or its lane a role (lt:role); otherwise whoever starts the process will do it.",
    ),
    "condition-translated": (
        "Biểu thức “{from}” được hiểu là “{to}”.",
        "The expression “{from}” is read as “{to}”.",
        "Xem lại cho chắc.",
        "Check that it means the same.",
    ),
    "condition-untranslated": (
        "Không dịch được biểu thức “{from}” ({language}); nó không bao giờ được chạy, một người sẽ quyết định.",
        "The expression “{from}” ({language}) cannot be translated; it is never run, a person decides.",
        "Viết lại, ví dụ: decision == 'accept'.",
        "Write it again, for example: decision == 'accept'.",
    ),
    "expression-untranslated": (
        "Không dịch được biểu thức “{from}” ({language}), mà ở đây không ai quyết định thay được.",
        "The expression “{from}” ({language}) cannot be translated, and nobody can decide it instead here.",
        "Viết lại bằng Python, hoặc tính trước trong một bước kịch bản rồi dùng tên dữ liệu ở đây.",
        "Write it again in Python, or work it out in a script task before and use the name of the variable here.",
    ),
    "collection-untranslated": (
        "Không dịch được danh sách “{from}” ({language}); chỉ hiểu tên dữ liệu, phần của nó và danh sách viết sẵn.",
        "The collection “{from}” ({language}) cannot be translated; a variable, a part of it or a written list can.",
        "Tính trước trong một bước kịch bản, ví dụ large = [x for x in orders if x['total'] > 3], rồi ghi large ở đây.",
        "Work it out in a script task before: large = [x for x in orders if x['total'] > 3]. Then name large here.",
    ),
    "foreign-form-missing": (
        "Biểu mẫu “{what}” mà sơ đồ nêu không có trong gói; bước này không có biểu mẫu.",
        "The form “{what}” that the diagram names is not in the bundle; the step has no form.",
        "Thêm tệp {what}.form.json, hoặc chọn biểu mẫu khác cho bước.",
        "Add the file {what}.form.json, or choose another form for the step.",
    ),
    "form-generated": (
        "Biểu mẫu được dựng từ những gì vẽ trong sơ đồ: {fields}.",
        "The form is generated from what is drawn in the diagram: {fields}.",
        "Xem lại; muốn đổi thì tạo một biểu mẫu riêng cho bước.",
        "Look it over; to change it, make a form of its own for the step.",
    ),
    "form-fields-lost": (
        "Biểu mẫu vẽ trong sơ đồ có phần không dùng được: {what_vi}.",
        "Of the form drawn in the diagram this is not taken: {what}.",
        "Tạo một biểu mẫu riêng cho bước nếu cần đến phần ấy.",
        "Make a form of its own for the step where that is needed.",
    ),
    "collection-translated": (
        "Danh sách “{from}” được hiểu là “{to}”.",
        "The collection “{from}” is read as “{to}”.",
        "Xem lại cho chắc.",
        "Check that it means the same.",
    ),
}
