"""Refusals of a request: signing in, forms, uploads, storage, addresses."""

from webapp.text.refusals.refusal import R, Refusal

REFUSALS: dict[str, Refusal] = {
    "case_needs_title": R(
        "Hồ sơ cần có tên", "Xin ghi tên hồ sơ.", "A case file needs a title", "Please give it a title."
    ),
    "case_needs_conclusion": R(
        "Hồ sơ cần kết luận", "Xin ghi kết luận trước khi đóng.", "A conclusion is needed", "Please write it first."
    ),
    "case_full": R(
        "Hồ sơ đã đầy", "Mỗi hồ sơ chứa nhiều nhất {n} mục.", "The case file is full", "It holds {n} entries at most."
    ),
    "case_closed": R(
        "Hồ sơ đã đóng",
        "Hồ sơ này đã đóng[ lúc {at}] và không thay đổi nữa.",
        "The case file is closed",
        "It was closed[ at {at}] and does not change any more.",
    ),
    "already_ended": R(
        "Đã kết thúc từ trước", "Mục này đã kết thúc[ lúc {at}].", "Already ended", "This ended[ at {at}]."
    ),
    "already_founded": R(
        "Cơ sở dữ liệu đã có người dùng",
        "Lệnh này chỉ dùng cho một cơ sở dữ liệu trống; không có gì thay đổi.",
        "The database has people in it",
        "This command is for an empty database; nothing was changed.",
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
    "wrong_code": R(
        "Mã chưa đúng hoặc đã dùng",
        "Xin đợi mã mới hiện trên điện thoại rồi nhập lại.",
        "The number is wrong or was used",
        "Please wait for the next one on your telephone.",
    ),
    "second_factor_lost": R(
        "Không đọc được khóa xác thực hai bước",
        "Khóa của hệ thống đã thay. Xin nhờ quản trị hệ thống gỡ xác thực hai bước rồi bật lại.",
        "The second factor cannot be read",
        "The key of the installation has changed. Please ask an administrator to remove it and set it up again.",
    ),
    "already_enrolled": R(
        "Đã bật xác thực hai bước", "Không có gì thay đổi.", "The second factor is set up", "Nothing was changed."
    ),
    "not_enrolled": R(
        "Chưa bật xác thực hai bước", "Không có gì thay đổi.", "There is no second factor", "Nothing was changed."
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
        "Quá nhiều yêu cầu",
        "Tài khoản này gửi quá nhiều yêu cầu cùng lúc. Xin đợi[ {seconds} giây] rồi thử lại.",
        "Too many requests",
        "This account asks too much at once. Please wait[ {seconds} s] and try again.",
    ),
    "invalid": R(
        "Còn chỗ cần xem lại", "Phần đã nhập vẫn được giữ.", "Something needs another look", "What you typed is kept."
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
    "storage_doubted": R(
        "Đang kiểm tra dữ liệu sau lỗi ổ đĩa",
        "Chưa có gì được ghi; vẫn xem được. Xin gửi lại sau khi kiểm tra xong; nếu lâu, báo quản trị.",
        "What is stored is being verified after a disk fault",
        "Nothing was stored; reading goes on. Please send it again when it is verified; if it takes long, tell an "
        "administrator.",
    ),
    "storage_replaced": R(
        "Tệp dữ liệu đã bị thay",
        "Tệp của cơ sở dữ liệu bị dời đi hoặc thay bằng tệp khác khi máy chủ đang chạy. Chưa có gì được ghi. "
        "Xin báo quản trị: trả lại tệp cũ, hoặc khởi động lại máy chủ với tệp mới.",
        "The file of the database was replaced",
        "It was moved away, or another one put in its place, while the server runs. Nothing was stored. Please tell an "
        "administrator: put the file back, or start the server again with the new one.",
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
