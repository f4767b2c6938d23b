"""What the rules of work, who does it and our extensions say to people."""

from typing import Final

from engine.lint.texts.remedies import NOTHING_EN, NOTHING_VI, Texts

TEXTS: Final[dict[str, Texts]] = {
    "role-missing": (
        "Bước và làn đều chưa gắn vai trò: người bắt đầu quy trình sẽ làm bước này.",
        "Neither the step nor its lane has a role: whoever starts the process will do it.",
        "Gắn vai trò (lt:role) cho làn hoặc cho bước.",
        "Give the lane or the step a role (lt:role).",
    ),
    "needs-role": (
        "lt:{attribute} cần một vai trò mà bước này không có: chỉ người bắt đầu quy trình làm bước này.",
        "lt:{attribute} needs a role, and the step has none: only whoever starts the process does it.",
        "Gắn vai trò (lt:role), hoặc bỏ lt:{attribute}.",
        "Give it a role (lt:role), or remove lt:{attribute}.",
    ),
    "seen-all-the-same": (
        "Chỉ tổ chức làm bước này xem được việc, nhưng số liệu báo cáo ({operator}) vẫn vào tổng hợp mọi bên cùng xem.",
        "Only its organization sees this step, but the figures reported ({operator}) still count in what all see.",
        "Bỏ quyền xem riêng (lt:seenBy), nếu cả số liệu phải kín thì không báo cáo ở bước này.",
        "Remove lt:seenBy; if the figures have to stay inside too, do not report them in this step.",
    ),
    "posts-say-nothing": (
        "Chức danh cùng nhận (lt:posts) để trống hoặc nhắc lại vai trò “{role}” mà bước đã giao.",
        "The posts that may take it too (lt:posts) are empty, or repeat the role “{role}” the step is given to.",
        "Bỏ chức danh thừa.",
        "Remove what says nothing.",
    ),
    "level-contradicts": (
        "Vai trò “{role}” đã chỉ đúng một tổ chức nên không nhận thêm cấp “{at}”.",
        "The role “{role}” already names one organization, so the level “{at}” contradicts it.",
        "Bỏ cấp (lt:level), hoặc chọn vai trò khác.",
        "Remove the level (lt:level), or choose another role.",
    ),
    "form-missing": (
        "Không có biểu mẫu “{form}” trong bộ tệp.",
        "The form “{form}” is not among the files.",
        "Thêm tệp {form}.form.json.",
        "Add the file {form}.form.json.",
    ),
    "operator-missing": (
        "Bước tự động này chưa có lệnh; khi chạy sẽ có người xác nhận đã làm.",
        "This automatic step has no command; a person will confirm that it is done.",
        "Chọn lệnh (lt:operator), hoặc đổi thành bước do người làm.",
        "Choose a command (lt:operator), or make it a user task.",
    ),
    "operator-name": (
        "Tên lệnh “{operator}” không đúng dạng danh_từ.động_từ.",
        "The command “{operator}” is not written as noun.verb.",
        "Viết ví dụ orders.check_overlap.",
        "Write for example orders.check_overlap.",
    ),
    "task-abstract": (
        "Bước chưa nói rõ loại; người phụ trách sẽ xác nhận đã làm.",
        "The task has no kind; somebody will confirm that it is done.",
        NOTHING_VI,
        NOTHING_EN,
    ),
    "task-unknown": (
        "{attribute} nhắc tới bước “{task}” không có trong quy trình.",
        "{attribute} names the task “{task}”, which is not in the process.",
        "Chọn lại bước.",
        "Choose the task again.",
    ),
    "value-unknown": (
        "{attribute}=“{value}” không hợp lệ; được dùng: {allowed}.",
        "{attribute}=“{value}” is not valid; allowed: {allowed}.",
        "Chọn một giá trị được dùng.",
        "Choose an allowed value.",
    ),
    "extension-unknown": (
        "Thuộc tính lt:{attribute} không có tác dụng.",
        "The attribute lt:{attribute} has no effect.",
        "Sửa tên thuộc tính, hoặc bỏ đi.",
        "Correct its name, or remove it.",
    ),
    "collect-without-cutoff": (
        "Chờ tổng hợp mà không có hạn chốt: một đơn vị im lặng sẽ giữ cả quy trình.",
        "Waiting for all without a cut-off: one silent unit would hold the process.",
        "Đặt lt:cutoff hoặc lt:cutoffWorkingDays.",
        "Set lt:cutoff or lt:cutoffWorkingDays.",
    ),
    "called-missing": (
        "Quy trình được gọi “{called}” không có trong bộ tệp.",
        "The called process “{called}” is not among the files.",
        "Thêm tệp của quy trình đó.",
        "Add its file.",
    ),
    "called-calculated": (
        "Quy trình được gọi do biểu thức “{called}” quyết định; hệ thống chỉ gọi quy trình ghi rõ mã.",
        "Which process is called depends on the expression “{called}”; only a process that is written out is called.",
        "Ghi mã của quy trình; nếu có nhiều, đặt một cổng rẽ nhánh trước các hoạt động gọi.",
        "Write the id of the process; where there are several, put a gateway before one call activity for each.",
    ),
    "called-global": (
        "“{called}” là công việc dùng chung (global task); hệ thống chỉ gọi quy trình.",
        "“{called}” is a global task; only processes are called.",
        "Vẽ công việc ấy ngay tại đây thay cho hoạt động gọi.",
        "Draw the task itself here in place of the call activity.",
    ),
    "called-draft": (
        "Quy trình được gọi “{called}” là bản nháp: không được đánh dấu là chạy được.",
        "The called process “{called}” is a draft: it is not marked executable.",
        "Đánh dấu quy trình ấy là chạy được (isExecutable).",
        "Mark that process executable (isExecutable).",
    ),
    "called-in-a-circle": (
        "Quy trình gọi lại chính nó.",
        "The process calls itself.",
        "Bỏ vòng gọi.",
        "Break the circle of calls.",
    ),
    "called-id-twice": (
        "Mã “{element}” cũng có trong quy trình “{other}” ({first}), nơi gọi quy trình này.",
        "The id “{element}” is also used in “{other}” ({first}), which calls this process.",
        "Đặt mã khác cho phần tử này.",
        "Give this element another id.",
    ),
    "process-twice": (
        "Mã quy trình “{element}” đã có trong tệp {first}.",
        "The process id “{element}” is already used in {first}.",
        "Đặt mã khác.",
        "Give it another id.",
    ),
    "not-executable": (
        "Quy trình này là bản nháp: chưa đánh dấu “chạy được”.",
        "This process is a draft: it is not marked executable.",
        "Đánh dấu “chạy được” nếu muốn dùng.",
        "Mark it executable if it is to run.",
    ),
}
