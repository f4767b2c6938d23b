"""English of the frame around every page, signing in, posts, the account and refusals."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Xem {n} dòng": ("Show {n} line", "Show {n} lines"),
    "Việc": "Tasks",
    "Đặt hàng": "Orders",
    "Số liệu": "Figures",
    "Đơn vị": "Organizations",
    "Quy trình": "Processes",
    "Nhật ký": "Log",
    "Thông báo": "Notices",
    "Thông báo chưa đọc": "Unread notices",
    "thông báo chưa đọc": "unread notices",
    "Tạo và thu hồi khóa cho chương trình làm thay": "Make and revoke keys for programs that act for you",
    "Tài khoản": "Account",
    "Đăng xuất": "Sign out",
    "Đến nội dung chính": "Skip to the main content",
    "Chính": "Main",
    "Vị trí": "Where you are",
    "Đơn vị đang làm việc": "Acting as",
    "Chưa chọn chức danh": "No post chosen",
    # signing in
    "Đăng nhập": "Sign in",
    "Giao việc và báo cáo kết quả giữa UBND, Cơ quan khối, MTTQ và các đoàn thể.": (
        "Work given and results reported between the People's Committee, the bloc agency, the Front and its unions."
    ),
    "Tên đăng nhập": "Login",
    "Mật khẩu": "Password",
    "Giữ đăng nhập 30 ngày trên điện thoại này": "Keep me signed in on this phone for 30 days",
    "Quên mật khẩu: liên hệ quản trị hệ thống của đơn vị. Không nhập tài liệu có độ mật (Mật, Tối mật, Tuyệt mật) "
    "vào hệ thống này.": (
        "Forgotten password: ask your administrator. Never enter classified documents (Mật, Tối mật, Tuyệt mật) here."
    ),
    # posts
    "Chọn đơn vị làm việc": "Choose a post",
    "Quý vị đang làm việc với tư cách nào?": "As which post do you want to work?",
    "Mọi thao tác được ghi theo chức danh đã chọn. Đổi bất cứ lúc nào, không cần đăng nhập lại.": (
        "Everything you do is recorded under the chosen post. You can change it at any time without signing in again."
    ),
    "không có việc": "no tasks",
    "{n} quá hạn": "{n} overdue",
    "{n} việc": ("{n} task", "{n} tasks"),
    "Quý vị chưa được giao chức danh nào": "You hold no post yet",
    "Tài khoản này chưa gắn với chức danh nên chưa có việc. Xin liên hệ quản trị hệ thống của đơn vị.": (
        "This account is not connected with a post, so it has no work. Please ask your administrator."
    ),
    # account
    "Chức danh": "Posts",
    "Thiết bị đang đăng nhập": "Where you are signed in",
    "Thiết bị": "Device",
    "Đăng nhập lúc": "Signed in at",
    "Dùng lần cuối": "Last used",
    "Thao tác": "Actions",
    "Không rõ thiết bị": "Unknown device",
    "giữ đăng nhập": "kept signed in",
    "thiết bị này": "this device",
    "Đăng xuất thiết bị": "Sign this device out",
    "Đã đăng xuất thiết bị đó.": "That device is signed out.",
    "Đổi mật khẩu": "Change the password",
    "Chưa đổi được mật khẩu": "The password was not changed",
    "Mật khẩu hiện tại": "Present password",
    "Mật khẩu mới": "New password",
    "Ít nhất 12 ký tự; một câu dễ nhớ là tốt nhất.": "At least 12 characters; a sentence you remember is best.",
    "Nhập lại mật khẩu mới": "New password once more",
    "Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất, khóa truy cập API đã bị thu hồi.": (
        "The password is changed. Other devices are signed out, tokens of the API are revoked."
    ),
    "Phím tắt": "Keys",
    "Dùng phím tắt trên thiết bị này": "Use keys on this device",
    "đi xuống, đi lên trong danh sách": "down and up in a list",
    "mở việc": "open the task",
    "chọn việc": "select the task",
    "nhận việc": "claim",
    "hoàn thành": "complete",
    "trả lại": "return",
    "chuyển việc": "transfer",
    "nhờ xử lý": "ask for help",
    "tìm": "search",
    "về danh sách việc": "to the tasks",
    "xem đặt hàng": "to the orders",
    "xem số liệu": "to the figures",
    "xem phím tắt": "show the keys",
    # refusals
    "Chức danh đang dùng: {title}. Nếu quý vị có chức danh khác, hãy đổi ở góc trên rồi mở lại.": (
        "You are acting as {title}. If you hold another post, change it at the top and open the page again."
    ),
    "Phần quý vị đã nhập": "What you typed",
    "Mở việc tiếp theo": "Open the next task",
    "Về danh sách việc": "Back to the tasks",
    "Mã yêu cầu để báo quản trị: {id}": "Request code for the administrator: {id}",
}
