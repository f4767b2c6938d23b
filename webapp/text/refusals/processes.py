"""Refusals of a running process, its timers and jobs."""

from webapp.text.refusals.refusal import R, Refusal

REFUSALS: dict[str, Refusal] = {
    "instance_suspended": R(
        "Quy trình đang tạm dừng",
        "Quản trị đã tạm dừng quy trình này[ từ {at}][, lý do: {why}]. Phần đã nhập được giữ; xin làm tiếp khi "
        "quy trình chạy lại.",
        "The process is suspended",
        "An administrator suspended this process[ at {at}][, because: {why}]. What you typed is kept; please go on "
        "when it runs again.",
    ),
    "instance_stuck": R(
        "Quy trình đang chờ gỡ sự cố",
        "Quy trình này bị kẹt và chờ quản trị xử lý. Phần đã nhập được giữ; xin thử lại sau.",
        "The process is stuck",
        "This process waits for an administrator. What you typed is kept; please try again later.",
    ),
    "instance_ended": R(
        "Quy trình đã kết thúc", "Quy trình này đã kết thúc[ lúc {at}].", "The process has ended", "It ended[ at {at}]."
    ),
    "instance_not_suspended": R(
        "Quy trình không tạm dừng",
        "Quy trình này đang không tạm dừng; xin mở lại trang.",
        "The process is not suspended",
        "This process is not suspended; please open the page again.",
    ),
    "definition_suspended": R(
        "Quy trình đang tạm dừng",
        "Quản trị đã tạm dừng mọi quy trình «{name}»[ từ {at}][, lý do: {why}]. Xin làm tiếp khi quy trình chạy lại.",
        "The process is suspended",
        "An administrator suspended all work of «{name}»[ at {at}][, because: {why}]. Please go on when it runs again.",
    ),
    "definition_not_suspended": R(
        "Phiên bản không tạm dừng",
        "Phiên bản này đang dùng; xin mở lại trang.",
        "The version is not suspended",
        "This version is in use; please open the page again.",
    ),
    "element_not_skippable": R(
        "Bước này không bỏ qua được",
        "Chỗ «{element}» là nơi rẽ nhánh hoặc sự kiện kèm theo. Sửa dữ liệu hoặc chuyển sang bước khác.",
        "This cannot be skipped",
        "«{element}» is a decision or an event at a border. Edit data, or move to another step.",
    ),
    "stuck_there_too": R(
        "Chuyển sang đó cũng bị kẹt",
        "Chưa có gì thay đổi: quy trình sẽ kẹt[ ở «{element}»][: {why}]. Chọn bước khác hoặc sửa dữ liệu trước.",
        "It would get stuck there too",
        "Nothing was changed: the process would get stuck[ at «{element}»][: {why}]. Choose another step or edit data.",
    ),
    "not_waiting": R(
        "Quy trình không còn ở chỗ đó",
        "Chỗ này không còn chờ nữa; xin mở lại trang để xem quy trình đang ở đâu.",
        "The process is no longer there",
        "Nothing waits there any more; please open the page again.",
    ),
    "flow_unknown": R(
        "Không có hướng đi này",
        "Hướng đi «{flow}» không có ở bước này; xin mở lại trang và chọn một hướng.",
        "There is no such way",
        "This step has no way “{flow}”; please open the page again and choose one.",
    ),
    "already_served": R(
        "Máy chủ đang chạy",
        "Thư mục {home} đang do tiến trình {process} phục vụ; xin dừng tiến trình đó trước.",
        "The server is running",
        "{home} is served by process {process}; please stop it first.",
    ),
    "no_worker_here": R(
        "Cơ sở dữ liệu nhúng chỉ có một tiến trình",
        "Thư mục {home} dùng SQLite, `lienthong serve` đã làm luôn việc nền. Muốn có nhiều tiến trình, xin dùng "
        "PostgreSQL (LIENTHONG_DATABASE_URL).",
        "An embedded database has one process",
        "{home} uses SQLite: `lienthong serve` does the jobs as well. For several processes use PostgreSQL "
        "(LIENTHONG_DATABASE_URL).",
    ),
    "order_has_parts": R(
        "Đặt hàng còn đơn vị đang làm",
        "Còn {n} quy trình khác của đặt hàng này đang chạy. Đơn vị đặt hàng thu hồi đặt hàng thì tất cả cùng dừng.",
        "Others still work on the order",
        "{n} other processes of this order are running. When its issuer withdraws the order, all of them end.",
    ),
    "cannot_be_undone": R(
        "Việc này không hoàn tác được",
        "Chỉ hoàn tác được việc sửa dữ liệu, chuyển bước và đổi hẹn giờ.",
        "This cannot be undone",
        "Only edited data, moved tokens and rescheduled timers can be undone.",
    ),
    "changed_since": R(
        "Đã có thay đổi sau đó",
        "Quy trình không còn như lúc vừa can thiệp nên không hoàn tác được; xin làm một can thiệp mới.",
        "It has changed since",
        "The process is no longer as that act left it, so it cannot be undone; please act anew.",
    ),
    "timer_over": R(
        "Hẹn giờ không còn chờ",
        "Hẹn giờ này đã chạy hoặc đã hủy[ lúc {at}].",
        "The timer waits no longer",
        "It fired or was cancelled[ at {at}].",
    ),
    "job_comes_again": R(
        "Công việc này tự chạy lại",
        "Công việc «{name}» chạy theo lịch; lần sau tự chạy.",
        "This job comes again by itself",
        "The job «{name}» runs on a schedule and comes again.",
    ),
    "job_unknown": R(
        "Không còn lệnh của công việc này",
        "Phiên bản phần mềm đang chạy không có lệnh của «{name}».",
        "The command of this job is gone",
        "The running version has no command for «{name}».",
    ),
    "letter_sent": R(
        "Thư đã gửi", "Thư này đã gửi[ lúc {at}].", "The letter has left", "This letter was sent[ at {at}]."
    ),
    "started_by_message": R(
        "Quy trình này không khởi động bằng tay",
        "Quy trình bắt đầu khi nhận được thông điệp của quy trình khác.",
        "This process is not started by hand",
        "It starts when a message of another process arrives.",
    ),
    "incident_resolved": R(
        "Chỗ kẹt đã được gỡ",
        "Người khác đã xử lý chỗ kẹt này[ lúc {at}].",
        "The incident is resolved",
        "Somebody else has resolved it[ at {at}].",
    ),
    "step_cannot_run": R(
        "Bước này không chạy được",
        "Bước này không hợp với quy trình đang chạy; phần đã nhập vẫn được giữ. Xin báo người thiết kế quy trình.",
        "This step cannot run",
        "The step does not fit its process; what you typed is kept. Please tell the process designer.",
    ),
}
