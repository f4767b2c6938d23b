"""Refusals of designs: editing at the same time, saving, publishing."""

from webapp.text.refusals.refusal import R, Refusal

REFUSALS: dict[str, Refusal] = {
    "design_leased": R(
        "Người khác đang sửa",
        "{who} đang sửa bản thiết kế này[, đến {until}]. Xin chờ, hoặc nhận quyền sửa.",
        "Somebody else is editing",
        "{who} is editing this design[ until {until}]. Please wait, or take it over.",
    ),
    "design_changed": R(
        "Bản thiết kế đã thay đổi",
        "{who} đã sửa[ lúc {at}]. Phần quý vị sửa chưa được ghi đè lên; xin mở lại bản mới rồi sửa tiếp.",
        "The design has changed",
        "{who} changed it[ at {at}]. What you changed has not been written over it; please open the new one and go on.",
    ),
    "design_state": R(
        "Bản thiết kế không còn ở bước này",
        "Bản thiết kế đã được trình, ban hành hoặc bỏ; xin mở lại trang để xem.",
        "The design is past this step",
        "It was submitted, published or discarded; please open the page again.",
    ),
    "file_name": R(
        "Tên tệp không dùng được",
        "Gói gồm sơ đồ (.bpmn), bảng quyết định (.dmn), biểu mẫu (.form.json) và kịch bản (scenarios/*.json); "
        "tên không có dấu gạch chéo khác.",
        "The file name cannot be used",
        "A bundle has diagrams (.bpmn), decision tables (.dmn), forms (.form.json) and scenarios (scenarios/*.json).",
    ),
    "file_unreadable": R(
        "Tệp không đọc được",
        "Nội dung không phải văn bản UTF-8, hoặc quá lớn; chưa có gì thay đổi.",
        "The file cannot be read",
        "It is no UTF-8 text, or too large; nothing was changed.",
    ),
    "bundle_too_large": R(
        "Gói quá lớn",
        "Các tệp của gói cộng lại quá lớn hoặc quá nhiều; chưa có gì thay đổi.",
        "The bundle is too large",
        "Its files are too large or too many; nothing was changed.",
    ),
    "not_a_bundle": R(
        "Không phải gói quy trình",
        "Tệp nén không đọc được; xin xuất lại gói ở nơi gửi.",
        "This is no bundle",
        "The archive cannot be read; please export it again where it comes from.",
    ),
    "bundle_changed": R(
        "Gói đã bị thay đổi trên đường đi",
        "Tệp không khớp với mã trong bản kê: {name}. Chưa nhập gì.",
        "The bundle was changed on the way",
        "Files that do not fit the manifest: {name}. Nothing was imported.",
    ),
    "saving_loses": R(
        "Lưu sẽ làm mất một số phần",
        "Một số phần của tệp sẽ mất khi lưu; xin xem danh sách và xác nhận.",
        "Saving would lose something",
        "Parts of the file would vanish; please look at the list and confirm.",
    ),
    "fix_unknown": R(
        "Không sửa giúp được chỗ này",
        "Sơ đồ đã thay đổi từ lần kiểm tra trước; xin kiểm tra lại.",
        "This cannot be mended mechanically",
        "The diagram has changed since it was checked; please check again.",
    ),
    "comment_done": R(
        "Góp ý đã được xử lý",
        "Góp ý này đã đánh dấu xử lý[ lúc {at}].",
        "The comment is done",
        "It was marked as done[ at {at}].",
    ),
    "gate_closed": R(
        "Chưa đủ điều kiện ban hành",
        "Xin xử lý các mục còn thiếu ở phần «Điều kiện ban hành»; chưa có gì thay đổi.",
        "The gate is closed",
        "Please settle what is missing under “What publication needs”; nothing was changed.",
    ),
    "coverage_reason": R(
        "Cần ghi lý do",
        "Kịch bản chỉ đi qua {covered} % sơ đồ (cần {wanted} %); người duyệt ghi vì sao như vậy là đủ.",
        "A reason is needed",
        "The scenarios reach {covered} % of the diagram ({wanted} % are wanted); say why that is enough.",
    ),
    "second_person_needed": R(
        "Cần người thứ hai",
        "Ai trình thì không tự ban hành; xin đưa vào bản thiết kế và để người khác duyệt.",
        "A second person is needed",
        "Who submits a design does not publish it; please bring it as a design and let somebody else approve.",
    ),
    "effective_past": R(
        "Ngày hiệu lực đã qua",
        "Ngày hiệu lực phải sau hôm nay; muốn có hiệu lực ngay thì để trống.",
        "The day has passed",
        "The day must be later than today; leave it empty for at once.",
    ),
    "version_unknown": R(
        "Phiên bản không còn việc đang chạy",
        "Có phiên bản được chọn không còn việc nào đang chạy; xin mở lại trang.",
        "Nothing runs under that version",
        "Nothing runs under a version that was chosen; please open the page again.",
    ),
    "definition_in_use": R(
        "Phiên bản này đang dùng",
        "Quy trình đã dùng phiên bản này; xin mở lại trang.",
        "This version is in use",
        "The process uses it already; please open the page again.",
    ),
    "definition_not_in_use": R(
        "Không dùng riêng ở đó",
        "Địa bàn này không có dòng riêng cho phiên bản này; xin mở lại trang.",
        "It is not in use there",
        "This version has no line of its own for the area; please open the page again.",
    ),
    "area_unknown": R(
        "Không có địa bàn này",
        "Một địa bàn được chọn không có, hoặc đã sắp xếp lại; xin mở lại trang.",
        "There is no such area",
        "One of the areas is not there, or was reorganized; please open the page again.",
    ),
    "start_message_taken": R(
        "Thông điệp đã bắt đầu quy trình khác",
        "Thông điệp «{name}» đang bắt đầu một quy trình khác ở mọi nơi, nên chưa dùng riêng được ở một số địa bàn.",
        "The message starts another process",
        "The message «{name}» starts another process everywhere, so this one cannot begin with it in some areas only.",
    ),
    "definition_is_draft": R(
        "Phiên bản này là bản nháp",
        "Bản nháp chưa chạy được nên không đưa vào dùng.",
        "This version is a draft",
        "A draft cannot run and is not put into use.",
    ),
}
