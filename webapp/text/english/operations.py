"""English of what operators see and do: incidents, data, places, suspensions, timers and the work behind."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Vận hành": "Operate",
    "Việc nền": "Background work",
    "Lý do thử lại": "Why to try again",
    "Vì sao": "Why",
    "Chi tiết kỹ thuật": "Technical details",
    "Các sự cố tiếp theo": "More incidents",
    # why a process is stuck
    "Không ai ở đơn vị này giữ vai trò «{role}» nên chưa giao được việc. Thêm người giữ vai trò rồi thử lại.": (
        "Nobody in this organization has the role «{role}», so nobody gets the work. Give somebody the role and try "
        "again."
    ),
    "Không nhánh nào của «{step}» đúng với dữ liệu hiện có. Sửa dữ liệu rồi thử lại, hoặc chuyển sang bước khác.": (
        "No branch of «{step}» fits the data. Edit the data and try again, or move to another step."
    ),
    "Hai nhánh song song để lại hai giá trị khác nhau của «{name}». Sửa dữ liệu rồi thử lại.": (
        "Two parallel branches left different values of «{name}». Edit the data and try again."
    ),
    "Đơn vị chủ trì của đặt hàng này đã làm xong phần việc, nên «{step}» không giao chủ trì lần nữa. "
    "Chuyển sang bước khác.": (
        "The lead of this order has done its share, so «{step}» does not appoint a lead again. Move to another step."
    ),
    "Không tìm được nơi nhận thông điệp của «{step}». Chuyển sang bước khác, hoặc báo người thiết kế quy trình.": (
        "The message of «{step}» has no receiver. Move to another step, or tell the process designer."
    ),
    "«{step}» cần một đặt hàng hoặc phần việc mà quy trình này không có. Bỏ qua bước, hoặc hủy quy trình.": (
        "«{step}» needs an order or a share, which this process does not have. Skip the step, or cancel the process."
    ),
    "«{step}» gọi một lệnh mà hệ thống không có. Bỏ qua bước, hoặc báo người thiết kế quy trình.": (
        "«{step}» calls a command that does not exist. Skip the step, or tell the process designer."
    ),
    "Quy trình đi vòng không dừng ở «{step}». Sửa dữ liệu rồi thử lại, hoặc chuyển sang bước khác.": (
        "The process runs in a circle at «{step}». Edit the data and try again, or move to another step."
    ),
    "Không tính được thời điểm của «{step}». Sửa dữ liệu rồi thử lại, hoặc chuyển sang bước khác.": (
        "The instant of «{step}» cannot be computed. Edit the data and try again, or move to another step."
    ),
    "Không tính được «{step}» phải làm bao nhiêu lần. Sửa dữ liệu rồi thử lại.": (
        "How often «{step}» has to be done cannot be computed. Edit the data and try again."
    ),
    "Không tính được điều kiện ở «{step}»: dữ liệu thiếu hoặc sai kiểu. Sửa dữ liệu rồi thử lại, "
    "hoặc chuyển sang bước khác.": (
        "The condition at «{step}» cannot be computed: data is missing or of the wrong kind. Edit the data and try "
        "again, or move to another step."
    ),
    "Phép tính ở «{step}» không chạy được với dữ liệu hiện có. Sửa dữ liệu rồi thử lại, hoặc bỏ qua bước.": (
        "The script at «{step}» cannot run with the data. Edit the data and try again, or skip the step."
    ),
    "Bảng quyết định ở «{step}» không cho kết quả với dữ liệu hiện có. Sửa dữ liệu rồi thử lại, hoặc bỏ qua bước.": (
        "The decision table at «{step}» has no answer for the data. Edit the data and try again, or skip the step."
    ),
    "Lệnh ở «{step}» không làm được. Thử lại, hoặc bỏ qua bước.": (
        "The command at «{step}» cannot be done. Try again, or skip the step."
    ),
    "Quy trình không đi tiếp được ở «{step}». Xem chi tiết kỹ thuật, sửa dữ liệu rồi thử lại.": (
        "The process cannot go on at «{step}». See the technical details, edit the data and try again."
    ),
    # one instance
    "Bị kẹt ở «{step}»": "Stuck at «{step}»",
    "Từ {at}. Những gì người dùng đã nhập được giữ nguyên.": "Since {at}. What people typed is kept.",
    "Làm lại đúng bước ấy với dữ liệu hiện có, sau khi đã thêm người hoặc sửa dữ liệu.": (
        "Does the same step again with the present data, after people were added or data was edited."
    ),
    "Bỏ qua bước bị kẹt": "Skip the step",
    "Bỏ qua bước": "Skip the step",
    "Quy trình đi tiếp như thể bước đã xong, nhưng bước không làm việc của nó: không có số liệu, không có quyết định. "
    "Không hoàn tác được.": (
        "The process goes on as if the step were done, without its work: no figures, no decision. It cannot be undone."
    ),
    "Dữ liệu của quy trình": "Data of the process",
    "Dữ liệu quyết định quy trình đi nhánh nào. Số liệu báo cáo và nội dung đã gửi nằm chỗ khác và không đổi.": (
        "Data decide which way the process goes. Figures and what was submitted are kept elsewhere and stay."
    ),
    "Xem và sửa": "See and edit",
    "Không chờ ai: quy trình chờ quản trị.": "Nobody: the process waits for an administrator.",
    "Giá trị": "Value",
    "cố định": "fixed",
    "Chưa có dữ liệu nào.": "There is no data yet.",
    "Thêm một giá trị": "Add a value",
    "Tên, như trong sơ đồ": "Name, as in the diagram",
    "Loại": "Kind",
    "Sửa dữ liệu": "Edit the data",
    "chữ": "text",
    "số": "number",
    "có hoặc không": "yes or no",
    "danh sách, mỗi dòng một mục": "list, one item a line",
    "Quy trình đang ở đâu": "Where the process is",
    "Chuyển sang bước": "Move to step",
    "Kết thúc": "End",
    "Kết thúc {n}": ("End {n}", "End {n}"),
    "Việc đang mở ở đây sẽ đóng. Chuyển bước hoàn tác được; bỏ qua thì không.": (
        "The open task here closes. A move can be undone; skipping cannot."
    ),
    "Chuyển bước": "Move",
    "Chỗ này không chuyển đi và không bỏ qua được.": "This place can be neither left nor skipped.",
    "Việc vẫn hiện nhưng chưa hoàn thành được; thông điệp và hẹn giờ chờ đến khi chạy tiếp.": (
        "Tasks are seen but cannot be completed; messages and timers wait until it is resumed."
    ),
    "Tạm dừng từ {at}: {why}": "Suspended since {at}: {why}",
    "Cả phiên bản quy trình đang tạm dừng; cho chạy tiếp ở trang của phiên bản.": (
        "The whole version is suspended; resume it on its own page."
    ),
    "Hủy quy trình": "Cancel the process",
    "Mọi việc đang mở của quy trình này đóng lại, phần việc ghi là Đã hủy; số liệu đã báo cáo được giữ nguyên. "
    "Không hoàn tác được.": (
        "All open tasks of this process close and its share is cancelled; figures that were reported stay. It cannot "
        "be undone."
    ),
    "Can thiệp đã làm": "Interventions",
    "Hoàn tác": "Undo",
    "Quy trình đã đi tiếp.": "The process went on.",
    "Quy trình lại bị kẹt; xem lý do bên dưới.": "The process got stuck again; see why below.",
    "Đã tạm dừng quy trình.": "The process is suspended.",
    "Quy trình chạy tiếp.": "The process runs again.",
    "Đã hủy quy trình.": "The process is cancelled.",
    "Đã sửa dữ liệu; bản trước và sau nằm trong nhật ký.": "The data is edited; before and after stand in the log.",
    "Đã bỏ qua bước.": "The step is skipped.",
    "Đã chuyển quy trình sang bước khác.": "The process moved to another step.",
    "Đã hoàn tác.": "Undone.",
    "Quy trình của việc này tạm dừng từ {at}: việc chưa hoàn thành được, bản nháp vẫn lưu được. Lý do: {why}": (
        "The process of this task is suspended since {at}: the task cannot be completed yet, drafts are kept. "
        "Because: {why}"
    ),
    "Quy trình của việc này chờ quản trị gỡ một sự cố. Việc chưa hoàn thành được; bản nháp vẫn lưu được.": (
        "The process of this task waits for an administrator. The task cannot be completed yet; drafts are kept."
    ),
    # one version of a process
    "Tạm dừng phiên bản này": "Suspend this version",
    "Không quy trình nào bắt đầu theo phiên bản này, và những quy trình đang chạy chờ đến khi cho chạy tiếp.": (
        "No process begins by this version, and those that run wait until it is resumed."
    ),
    "Những gì chờ vì lần tạm dừng này sẽ bắt đầu và chạy tiếp.": "What waited for this begins and goes on.",
    "Đã tạm dừng phiên bản; {n} quy trình đang chạy chờ cùng.": (
        "The version is suspended; one running process waits with it.",
        "The version is suspended; {n} running processes wait with it.",
    ),
    "Phiên bản chạy tiếp cùng {n} quy trình.": (
        "The version is in use again, with one process.",
        "The version is in use again, with {n} processes.",
    ),
    # timers
    "Hẹn giờ": "Timers",
    "Quy trình nào đang chờ đến giờ nào. Hẹn giờ của quy trình tạm dừng hoặc bị kẹt chờ cùng quy trình ấy.": (
        "Which process waits until when. Timers of what is suspended or stuck wait with it."
    ),
    "Mọi loại": "Any kind",
    "Mọi quy trình": "Any process",
    "Chỉ hẹn giờ đã qua": "Only what is past due",
    "Hẹn giờ trong sơ đồ": "Timer of the diagram",
    "Hạn chốt chờ báo cáo": "Cut-off for reports",
    "Đến giờ": "Due",
    "đã qua": "past due",
    "Đổi giờ": "Reschedule",
    "Ngày mới (ngày/tháng/năm)": "New day (day/month/year)",
    "Giờ mới (giờ:phút)": "New time (hour:minute)",
    "Cho chạy ngay": "Fire now",
    "Quy trình đi tiếp như thể đã đến giờ. Không hoàn tác được.": (
        "The process goes on as if the time had come. It cannot be undone."
    ),
    "Các hẹn giờ tiếp theo": "More timers",
    "Không có hẹn giờ nào ở đây": "No timers here",
    "Hẹn giờ có khi một quy trình chờ đến ngày giờ nào đó hoặc chờ báo cáo đến hạn chốt.": (
        "There are timers when a process waits for an instant, or for reports until a cut-off."
    ),
    "Đã đổi hẹn giờ sang {at}.": "The timer now fires at {at}.",
    "Hẹn giờ đã chạy.": "The timer fired.",
    # the work behind
    "Những gì hệ thống làm sau lưng các trang: chuyển thông điệp, chạy hẹn giờ, nhắc việc, gửi thư, công việc trong "
    "hàng đợi.": (
        "What the system does behind the pages: messages delivered, timers fired, reminders, letters, queued jobs."
    ),
    "Đang tồn": "Waiting now",
    "Số lượng": "How many",
    "Cũ nhất từ": "Oldest since",
    "chậm": "late",
    "Thông điệp chờ chuyển": "Messages to deliver",
    "Hẹn giờ đã đến lúc": "Timers that are due",
    "Quy trình đến lúc tự bắt đầu": "Processes that begin by themselves",
    "Nhắc việc đã đến lúc": "Reminders that are due",
    "Số liệu chờ cộng": "Figures to add up",
    "Thông báo chờ viết thành thư": "Notices to write letters of",
    "Thư chưa gửi": "Letters not sent",
    "Công việc trong hàng đợi": "Jobs in the queue",
    "Hàng đợi": "Queue",
    "Đang chờ": "Waiting",
    "Đang làm": "Running",
    "Hỏng": "Failed",
    "Công việc": "Job",
    "Vào hàng đợi": "Queued at",
    "Số lần chạy": "Runs",
    "Lỗi": "Error",
    "Chạy lại": "Run again",
    "tự chạy lại theo lịch": "comes again on schedule",
    "Các công việc cũ hơn": "Older jobs",
    "Hàng đợi trống": "The queue is empty",
    "Công việc đã làm xong không hiện ở đây.": "Jobs that are done are not shown here.",
    "Thư chưa gửi được": "Letters that were not taken",
    "Đã thử": "Tries",
    "Thử tiếp lúc": "Next try",
    "Gửi lại ngay": "Send again now",
    "Không thư nào bị từ chối": "No letter was refused",
    "Thông báo trong ứng dụng không phụ thuộc vào thư.": "Notices in the application do not depend on letters.",
    "Công việc đã vào lại hàng đợi.": "The job is in the queue again.",
    "Thư sẽ được gửi lại ngay.": "The letter will be sent again at once.",
    "Trạng thái": "State",
    "Bước": "Step",
    "Số lần thử": "Tries",
}
