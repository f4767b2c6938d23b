"""Refusals of an order, its shares and figures."""

from webapp.text.refusals.refusal import R, Refusal

REFUSALS: dict[str, Refusal] = {
    "order_not_signed": R(
        "Đặt hàng chưa ký",
        "Đặt hàng chưa ký nên sửa ngay ở phiếu soạn, không cần điều chỉnh.",
        "The order is not signed yet",
        "The order is not signed yet: change its draft instead of amending it.",
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
    "reorganization_incomplete": R(
        "Chưa sắp xếp được",
        "Chọn đủ đơn vị được sắp xếp và đơn vị kế tục theo cách đã chọn.",
        "Not reorganized",
        "Choose the bodies and the successors that this kind of change needs.",
    ),
    "reorganization_to_come": R(
        "Chưa đến ngày sắp xếp",
        "Việc đang mở được bàn giao ngay, nên ngày hiệu lực không được sau hôm nay ({at}). "
        "Đơn vị cũ làm tiếp đến khi đó.",
        "The day has not come",
        "Open work is handed over at once, so the day cannot be later than today ({at}). The old body works on until "
        "then.",
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
}
