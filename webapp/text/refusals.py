"""One sentence per refusal: what happened, what is kept, what to do; in both languages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from models.errors import Rejected
from webapp.text.language import fill, language
from webapp.text.notation import when
from webapp.text.words import ROLES


class Refusal(NamedTuple):
    """A heading and a sentence in Vietnamese and English."""

    title: str
    text: str
    title_en: str
    text_en: str


R = Refusal
_NOT_YOURS = ("Việc này không thuộc thẩm quyền của quý vị", "This is not yours to do")
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
    "may_not_claim": R(
        _NOT_YOURS[0], "Việc này giao cho chức danh khác.", _NOT_YOURS[1], "The task is offered to another post."
    ),
    "may_not_complete": R(
        _NOT_YOURS[0],
        "Chỉ người đang giữ việc mới hoàn thành được việc này.",
        _NOT_YOURS[1],
        "Only the person who holds the task can complete it.",
    ),
    "may_not_release": R(
        _NOT_YOURS[0],
        "Chỉ người đang giữ việc hoặc người đứng đầu đơn vị mới trả việc về hàng chờ được.",
        _NOT_YOURS[1],
        "Only the holder or the head of the organization can release the task.",
    ),
    "may_not_transfer": R(
        _NOT_YOURS[0],
        "Chỉ người đang giữ việc hoặc người đứng đầu đơn vị mới chuyển việc được.",
        _NOT_YOURS[1],
        "Only the holder or the head of the organization can transfer the task.",
    ),
    "may_not_delegate": R(
        _NOT_YOURS[0],
        "Chỉ người đang giữ việc mới nhờ người khác xử lý được.",
        _NOT_YOURS[1],
        "Only the holder can ask somebody for help.",
    ),
    "may_not_resolve": R(
        _NOT_YOURS[0],
        "Chỉ người được nhờ mới trả kết quả nhờ được.",
        _NOT_YOURS[1],
        "Only the person who was asked can give the help back.",
    ),
    "may_not_return": R(
        _NOT_YOURS[0],
        "Chỉ người đang giữ việc mới trả lại được.",
        _NOT_YOURS[1],
        "Only the holder can return the work.",
    ),
    "may_not_comment": R(
        _NOT_YOURS[0],
        "Chức danh thanh tra chỉ xem, không trao đổi.",
        _NOT_YOURS[1],
        "An auditor reads and does not comment.",
    ),
    "may_not_remove_file": R(
        _NOT_YOURS[0],
        "Chỉ người đã đính kèm mới gỡ tệp được, khi việc còn mở.",
        _NOT_YOURS[1],
        "Only who attached a file can remove it, while the task is open.",
    ),
    "may_not_withdraw": R(
        _NOT_YOURS[0],
        "Chỉ bên ban hành mới thu hồi đặt hàng được.",
        _NOT_YOURS[1],
        "Only the issuer can withdraw an order.",
    ),
    "may_not_order": R(
        _NOT_YOURS[0], "Chức danh này không soạn đặt hàng.", _NOT_YOURS[1], "This post does not draft orders."
    ),
    "may_not_urge": R(
        _NOT_YOURS[0],
        "Chỉ cấp trên trong cây giao việc mới đôn đốc được.",
        _NOT_YOURS[1],
        "Only a level above in the assignment tree can urge.",
    ),
    "may_not_extend": R(
        _NOT_YOURS[0],
        "Chỉ đơn vị được giao mới xin gia hạn được.",
        _NOT_YOURS[1],
        "Only the assigned organization can ask for more time.",
    ),
    "may_not_replace_lead": R(
        _NOT_YOURS[0],
        "Chỉ Trưởng Cơ quan khối mới đổi đơn vị chủ trì được.",
        _NOT_YOURS[1],
        "Only the head of the bloc agency can change the lead.",
    ),
    "may_not_start": R(
        _NOT_YOURS[0], "Chức danh này không khởi động quy trình.", _NOT_YOURS[1], "This post does not start processes."
    ),
    "may_not_deploy": R(
        _NOT_YOURS[0],
        "Chức danh này không đưa quy trình vào sử dụng.",
        _NOT_YOURS[1],
        "This post does not deploy processes.",
    ),
    "may_not_operate": R(
        _NOT_YOURS[0], "Chức danh này không vận hành quy trình.", _NOT_YOURS[1], "This post does not operate processes."
    ),
    "may_not_correct": R(
        _NOT_YOURS[0],
        "Chỉ đơn vị đã nhập mới đính chính số liệu được.",
        _NOT_YOURS[1],
        "Only the organization that entered a figure can correct it.",
    ),
    "not_allowed": R(
        _NOT_YOURS[0],
        "Chức danh đang dùng không có quyền này.",
        _NOT_YOURS[1],
        "Your present post does not have this right.",
    ),
    "not_your_session": R(
        _NOT_YOURS[0], "Phiên đăng nhập này của người khác.", _NOT_YOURS[1], "This session belongs to somebody else."
    ),
    "only_a_person_watches": R(
        _NOT_YOURS[0], "Chỉ người dùng mới theo dõi được đặt hàng.", _NOT_YOURS[1], "Only a person can follow an order."
    ),
    "post_not_held": R(
        "Quý vị không còn giữ chức danh này",
        "Xin chọn chức danh khác để làm việc tiếp.",
        "You no longer hold this post",
        "Please choose another post to go on.",
    ),
    "started_by_message": R(
        "Quy trình này không khởi động bằng tay",
        "Quy trình bắt đầu khi nhận được thông điệp của quy trình khác.",
        "This process is not started by hand",
        "It starts when a message of another process arrives.",
    ),
    "order_not_signed": R(
        "Đặt hàng chưa ký",
        "Đặt hàng chưa ký nên sửa ngay ở phiếu soạn, không cần điều chỉnh.",
        "The order is not signed yet",
        "The order is not signed yet: change its draft instead of amending it.",
    ),
    "may_not_amend": R(
        "Không được điều chỉnh đặt hàng này",
        "Chỉ lãnh đạo của đơn vị đặt hàng được điều chỉnh đặt hàng đã ký.",
        "You may not amend this order",
        "Only the leader of the issuing organization may amend a signed order.",
    ),
    "order_closed": R(
        "Đặt hàng đã khép",
        "Đặt hàng này đã nghiệm thu hoặc đã thu hồi.",
        "The order is closed",
        "This order has been accepted or withdrawn.",
    ),
    "order_not_running": R(
        "Đặt hàng không còn đang thực hiện",
        "Đặt hàng này chưa ban hành, đã nghiệm thu hoặc đã thu hồi.",
        "The order is not running",
        "This order is not issued yet, accepted or withdrawn.",
    ),
    "assignment_closed": R(
        "Phần việc đã khép",
        "Phần việc này đã xong hoặc đã hủy.",
        "The share is closed",
        "This share is done or cancelled.",
    ),
    "extension_decided": R(
        "Đề nghị gia hạn đã được trả lời",
        "Đề nghị này đã có quyết định.",
        "The request is decided",
        "Somebody has already decided this request.",
    ),
    "extension_too_late": R(
        "Đã quá hạn, không xin gia hạn được",
        "Xin gia hạn phải gửi trước hạn.",
        "It is too late to ask for more time",
        "More time has to be asked for before the due date.",
    ),
    "extension_waits": R(
        "Đã có đề nghị gia hạn đang chờ",
        "Xin đợi trả lời cho đề nghị trước.",
        "A request is already waiting",
        "Please wait for the decision on the earlier request.",
    ),
    "no_due_to_extend": R(
        "Việc này không có hạn",
        "Không có hạn thì không cần gia hạn.",
        "There is no due date",
        "Without a due date there is nothing to extend.",
    ),
    "no_extension": R(
        "Không có đề nghị gia hạn",
        "Không tìm thấy đề nghị gia hạn của phần việc này.",
        "There is no request",
        "No request for more time was found.",
    ),
    "no_lead_yet": R(
        "Chưa có đơn vị chủ trì",
        "Đặt hàng này chưa phân công đơn vị chủ trì.",
        "There is no lead yet",
        "No lead has been assigned to this order.",
    ),
    "no_bloc_agency": R(
        "Chưa có Cơ quan khối",
        "Địa bàn này chưa có Cơ quan khối để nhận đặt hàng.",
        "There is no bloc agency",
        "No bloc agency receives orders in this area.",
    ),
    "urged_today": R(
        "Hôm nay đã đôn đốc rồi",
        "Mỗi phần việc chỉ đôn đốc một lần mỗi ngày làm việc.",
        "Already urged today",
        "A share is urged once per working day.",
    ),
    "incident_resolved": R(
        "Chỗ kẹt đã được gỡ",
        "Người khác đã xử lý chỗ kẹt này[ lúc {at}].",
        "The incident is resolved",
        "Somebody else has resolved it[ at {at}].",
    ),
    "already_ended": R(
        "Đã kết thúc từ trước", "Mục này đã kết thúc[ lúc {at}].", "Already ended", "This ended[ at {at}]."
    ),
    "already_disabled": R(
        "Tài khoản đã khóa",
        "Tài khoản này đã khóa[ lúc {at}].",
        "Already disabled",
        "The account was disabled[ at {at}].",
    ),
    "wrong_password": R(
        "Tên đăng nhập hoặc mật khẩu chưa đúng",
        "Xin kiểm tra lại cả hai ô.",
        "The login or password is wrong",
        "Please check both fields.",
    ),
    "too_many_attempts": R(
        "Đã thử quá nhiều lần",
        "Xin đợi {seconds} giây rồi đăng nhập lại.",
        "Too many attempts",
        "Please wait {seconds} seconds and try again.",
    ),
    "session_over": R("Phiên làm việc đã hết", "Xin đăng nhập lại.", "Your session is over", "Please sign in again."),
    "token_refused": R(
        "Khóa truy cập không dùng được",
        "Khóa không đúng, đã hết hạn hoặc đã thu hồi.",
        "The token is refused",
        "It is unknown, expired or revoked.",
    ),
    "not_signed_in": R("Chưa đăng nhập", "Xin đăng nhập để tiếp tục.", "Not signed in", "Please sign in."),
    "successor_not_working": R(
        "Chưa bàn giao được",
        "{organization} chưa có người giữ chức danh cần cho việc này nên chưa nhận được việc. "
        "Thêm người ở đơn vị mới trước; đơn vị cũ làm tiếp đến khi đó.",
        "Not handed over yet",
        "Nobody at {organization} holds a post for this work yet, so it cannot take it. Add people there first; "
        "the old body works on until then.",
    ),
    "no_such_lineage": R(
        "Cách sắp xếp không có",
        "Không có cách sắp xếp «{kind}». Dùng: merge, split, part, rename, upgrade, abolish, reparent.",
        "No such kind of change",
        "There is no change «{kind}». Use: merge, split, part, rename, upgrade, abolish, reparent.",
    ),
    "document_required": R(
        "Thiếu căn cứ",
        "Ghi văn bản làm căn cứ sắp xếp, ví dụ «Nghị quyết 1199/NQ-UBTVQH15».",
        "The basis is missing",
        "Name the document the reorganization is based on.",
    ),
    "no_such_organization": R(
        "Không có đơn vị này",
        "Sổ đăng ký không có đơn vị mang mã {organization}.",
        "No such organization",
        "The register has no organization with the id {organization}.",
    ),
    "step_cannot_run": R(
        "Bước này không chạy được",
        "Bước này không hợp với quy trình đang chạy; phần đã nhập vẫn được giữ. Xin báo người thiết kế quy trình.",
        "This step cannot run",
        "The step does not fit its process; what you typed is kept. Please tell the process designer.",
    ),
    "file_missing": R(
        "Không tìm thấy tệp",
        "Tệp không còn trong kho; dấu vết của tệp vẫn nằm trong nhật ký. Xin báo quản trị.",
        "The file is missing",
        "It is no longer in the store; its hash stands in the log. Please tell an administrator.",
    ),
    "event_gone": R(
        "Bản ghi này không còn",
        "Bản ghi đã được gộp hoặc rút. Xin mở lại trang.",
        "This record is gone",
        "It was merged or withdrawn. Please open the page again.",
    ),
    "figure_amended": R(
        "Số liệu này đã được sửa",
        "{who} đã sửa số liệu này[ lúc {at}]. Xin mở bản mới nhất.",
        "This figure is amended already",
        "{who} amended it[ at {at}]. Please open the latest version.",
    ),
    "may_not_add_work": R(
        _NOT_YOURS[0],
        "Chức danh này không giao việc trong đơn vị.",
        _NOT_YOURS[1],
        "This post does not give out work of the organization.",
    ),
    "may_not_decide_doubles": R(
        _NOT_YOURS[0],
        "Chỉ đơn vị chủ trì và Cơ quan khối mới xử lý bản ghi nghi trùng.",
        _NOT_YOURS[1],
        "Only the lead and the bloc agency decide on doubles.",
    ),
    "may_not_read_audit": R(
        _NOT_YOURS[0],
        "Chức danh này không xem nhật ký chung.",
        _NOT_YOURS[1],
        "This post does not read the whole log.",
    ),
    "may_not_share_view": R(
        _NOT_YOURS[0],
        "Chỉ người đứng đầu mới lưu danh sách cho cả đơn vị.",
        _NOT_YOURS[1],
        "Only the head saves lists for the whole organization.",
    ),
    "may_not_remove_view": R(
        _NOT_YOURS[0],
        "Chỉ người đã lưu mới bỏ được danh sách này.",
        _NOT_YOURS[1],
        "Only whoever saved the list can remove it.",
    ),
    "key_form": R(
        "Khóa chống gửi hai lần không hợp lệ",
        "Xin mở lại trang rồi gửi lại.",
        "The idempotency key cannot be used",
        "Please open the page again and send once more.",
    ),
    "form_expired": R(
        "Trang đã mở quá lâu",
        "Vì an toàn, xin mở lại trang rồi gửi lại. Bản nháp đã lưu vẫn còn.",
        "The page was open for too long",
        "To be safe, please open the page again and send once more. Saved drafts are kept.",
    ),
    "plain_http": R(
        "Chỉ mở được bằng https",
        "Địa chỉ này không được mã hoá. Xin mở lại bằng địa chỉ bắt đầu bằng https://.",
        "Only https is served",
        "This address is not encrypted. Please open it again beginning with https://.",
    ),
    "other_origin": R(
        "Yêu cầu đến từ trang khác",
        "Yêu cầu này không xuất phát từ Liên Thông nên không được thực hiện.",
        "The request came from another site",
        "It did not start on a page of Liên Thông and was not carried out.",
    ),
    "key_reused": R(
        "Khóa chống gửi hai lần đã dùng cho nội dung khác",
        "Xin mở lại trang rồi gửi lại.",
        "The idempotency key was used for something else",
        "Please open the page again and send once more.",
    ),
    "too_large": R(
        "Tệp quá lớn",
        "Tổng dung lượng gửi lên vượt mức cho phép. Xin chọn tệp nhỏ hơn.",
        "The upload is too large",
        "Please choose smaller files.",
    ),
    "bad_request": R(
        "Yêu cầu không đọc được",
        "Xin mở lại trang rồi thử lại.",
        "The request cannot be read",
        "Please open the page again.",
    ),
    "method_not_allowed": R(
        "Địa chỉ này không dùng theo cách đó",
        "Xin quay về danh sách việc.",
        "This address is not used that way",
        "Please go back to your tasks.",
    ),
    "too_many_requests": R(
        "Quá nhiều yêu cầu", "Xin đợi một lát rồi thử lại.", "Too many requests", "Please wait a moment."
    ),
    "invalid": R(
        "Còn chỗ cần xem lại", "Phần đã nhập vẫn được giữ.", "Something needs another look", "What you typed is kept."
    ),
    "no_person_chosen": R(
        "Chưa chọn người",
        "Xin chọn một người trong danh sách.",
        "Nobody is chosen",
        "Please choose somebody from the list.",
    ),
    "storage_full": R(
        "Máy chủ hết chỗ lưu",
        "Chưa có gì được ghi. Quản trị cần giải phóng ổ đĩa; sau đó xin gửi lại, không cần đăng nhập lại.",
        "The server's disk is full",
        "Nothing was stored. An administrator has to free space; please send it again afterwards.",
    ),
    "storage_failed": R(
        "Ổ đĩa của máy chủ gặp lỗi",
        "Chưa chắc đã ghi được. Xin gửi lại sau ít phút; hệ thống tự nhận ra việc đã làm và không làm hai lần.",
        "The server's disk has a fault",
        "It may not have been stored. Please send it again in a few minutes; nothing is done twice.",
    ),
    "unexpected": R(
        "Có lỗi ngoài dự kiến",
        "Chưa có gì thay đổi. Xin thử lại; nếu vẫn lỗi, báo quản trị kèm mã yêu cầu dưới đây.",
        "Something unexpected happened",
        "Nothing was changed. Please try again; if it persists, tell an administrator the code below.",
    ),
    "not_found": R(
        "Không mở được trang này",
        "Trang không tồn tại, hoặc chức danh đang dùng không được xem.",
        "This page cannot be opened",
        "It does not exist, or your present post may not see it.",
    ),
}
# What is wrong with one field, where the engine says it by a code; sentences of forms come ready.
FIELDS: dict[str, tuple[str, str]] = {
    "required": ("Cần điền ô này", "This is required"),
    "not_oneself": ("Không thể chọn chính mình", "You cannot choose yourself"),
    "not_a_colleague": ("Người này không thuộc đơn vị", "This person does not belong to the organization"),
    "lacks_the_role": ("Người này không giữ vai trò của việc", "This person does not play the role of the task"),
    "unknown": ("Giá trị không có trong danh sách", "Not one of the choices"),
    "columns": ("Bảng thiếu cột", "The table lacks columns"),
    "not_later": ("Hạn mới phải sau hạn cũ", "The new due date must be later"),
    "same_lead": ("Đơn vị này đang chủ trì rồi", "This organization is the lead already"),
    "clarities_missing": ("Chưa đủ 6 rõ nên chưa gửi được", "The six clarities are not complete"),
    "due_has_passed": ("Hạn của đặt hàng đã qua", "The due date has passed"),
    "lead_among_coordinators": ("Đơn vị chủ trì không đồng thời phối hợp", "The lead cannot also coordinate"),
    "later_than_above": ("Không được muộn hơn hạn của cấp trên", "Must not be later than the due date above"),
    "bundle_refused": ("Quy trình chưa đạt kiểm tra", "The process did not pass the check"),
    "login_form": (
        "Tên đăng nhập gồm chữ thường, số, dấu chấm, gạch ngang; từ 2 ký tự",
        "Lower-case letters, digits, dots and hyphens; 2 characters or more",
    ),
    "login_taken": ("Tên đăng nhập này đã có", "This login is taken"),
    "token_days": ("Thời hạn từ 1 đến 366 ngày", "Between 1 and 366 days"),
    "ends_before_start": ("Ngày kết thúc phải sau ngày bắt đầu", "The end must be after the start"),
    "password_too_short": ("Mật khẩu cần ít nhất {shortest} ký tự", "At least {shortest} characters"),
    "password_too_long": ("Mật khẩu tối đa {longest} ký tự", "At most {longest} characters"),
    "password_common": ("Mật khẩu này quá dễ đoán", "This password is too easy to guess"),
    "wrong_password": ("Mật khẩu hiện tại chưa đúng", "The present password is wrong"),
    "passwords_differ": ("Hai lần nhập không giống nhau", "The two passwords differ"),
    "file_type": (
        "Loại tệp này không nhận; dùng pdf, docx, xlsx, odt, ods, jpg hoặc png",
        "This kind of file is not taken",
    ),
    "file_too_large": ("Tệp quá lớn", "The file is too large"),
    "unchanged": ("Giá trị không thay đổi", "The value is unchanged"),
    "email_form": ("Địa chỉ thư chưa đúng dạng", "This is not an e-mail address"),
    "not_a_pair": ("Hai bản ghi này không phải một cặp nghi trùng", "These records are no pair"),
    "works_already": ("Đơn vị này đang làm rồi", "This organization works on it already"),
    "has_not_reported": ("Nơi này chưa báo cáo nên không có gì để trả lại", "It has not reported: nothing to return"),
    "whom_to_return": ("Chọn nơi cần trả lại", "Choose whom to return it to"),
    "unknown_operator": ("Quy trình gọi một lệnh không có", "The process calls a command that does not exist"),
    "too_many_views": ("Đã lưu quá nhiều danh sách; xin bỏ bớt", "Too many saved lists; please remove some"),
    "no_person_chosen": ("Xin chọn một người", "Please choose somebody"),
    "not_a_day": ("Ngày không đọc được; ghi như 15/10/2018", "Not a day; write it like 15/10/2018"),
    "too_large": ("Nội dung quá lớn", "Too large"),
    "given_twice": ("Gửi hai lần", "Given twice"),
    "not_a_cursor": ("Không đọc được vị trí trong danh sách", "Not a place in the list"),
    "password_names_login": ("Mật khẩu không được chứa tên đăng nhập", "The password must not contain the login"),
    "file_empty": ("Tệp rỗng", "The file is empty"),
    "data_name": (
        "Tên gồm chữ cái không dấu, số, gạch dưới; không bắt đầu bằng số",
        "Letters without marks, digits and underscores; not beginning with a digit",
    ),
    "data_identity": (
        "Giá trị này nói quy trình thuộc về đâu nên không đổi được",
        "This says what the process belongs to and cannot be changed",
    ),
    "data_number": ("Ghi một số, ví dụ 7 hoặc 1,5", "Write a number, like 7 or 1.5"),
    "data_truth": ("Chọn có hoặc không", "Choose yes or no"),
    "data_json": ("Không đọc được; đây phải là JSON", "This is not JSON"),
    "not_plain": ("Giá trị này không lưu được", "This value cannot be kept"),
    "not_a_target": ("Không chuyển sang bước này được", "The process cannot go on there"),
    "not_a_time": ("Giờ không đọc được; ghi như 17:00", "Not a time; write it like 17:00"),
    "not_in_future": (
        "Giờ mới phải ở tương lai; muốn chạy ngay thì dùng Cho chạy ngay",
        "The new instant must be in the future; to fire it now there is another button",
    ),
}


class Words(NamedTuple):
    """A refusal as it is read."""

    title: str
    text: str


def refusal(rejected: Rejected) -> Words:
    """Put a refusal into words."""
    known = REFUSALS.get(rejected.reason) or REFUSALS["not_found" if rejected.status == 404 else "not_allowed"]
    if rejected.status == 422 and rejected.reason not in REFUSALS:
        known = REFUSALS["invalid"]
    values = {name: _readable(value) for name, value in rejected.facts.items()}
    values["subject"] = _name(rejected.subject)
    values["who"] = values.get("who") or _somebody()
    vietnamese = language() == "vi"
    title, text = (known.title, known.text) if vietnamese else (known.title_en, known.text_en)
    return Words(title, fill(text, values))


def field_message(message: str, facts: Mapping[str, Any] | None = None) -> str:
    """Put what is wrong with a field into words; what already is a sentence stays."""
    if message not in FIELDS:
        return message
    return fill(FIELDS[message][0 if language() == "vi" else 1], dict(facts or {}))


def _readable(value: Any) -> Any:
    if isinstance(value, datetime):
        return when(value)
    return ROLES.get(value, value) if isinstance(value, str) else value


def _name(subject: object) -> str:
    title = getattr(subject, "title", None) or getattr(subject, "name", None)
    vietnamese = language() == "vi"
    return f"«{title}»" if title else "Mục này" if vietnamese else "This"


def _somebody() -> str:
    return "người khác" if language() == "vi" else "somebody else"
