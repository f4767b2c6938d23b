"""English of the second factor."""

WORDS = {
    "Xác thực hai bước": "Second factor",
    "Hỏi thêm mã trên điện thoại khi đăng nhập": "Ask for a number on the telephone when signing in",
    "Mã trên điện thoại": "The number on your telephone",
    "Mật khẩu đúng. Xin mở ứng dụng xác thực trên điện thoại và nhập mã 6 số của Liên Thông.": (
        "The password is right. Open the authenticator on your telephone and type the 6 digits of Liên Thông."
    ),
    "Mã 6 số": "6 digits",
    "Mất điện thoại: nhờ quản trị hệ thống gỡ xác thực hai bước.": (
        "Without the telephone: ask an administrator to remove the second factor."
    ),
    "Đăng nhập bằng tài khoản khác": "Sign in with another account",
    "Khi đăng nhập, ngoài mật khẩu hệ thống hỏi thêm mã 6 số trên điện thoại của quý vị. Người khác biết mật khẩu cũng "
    "không vào được.": (
        "When you sign in, 6 digits from your telephone are asked for besides the password. Somebody who knows the "
        "password alone stays outside."
    ),
    "Đã bật": "Set up",
    "Từ {at}.": "Since {at}.",
    "Muốn chuyển sang điện thoại khác: gỡ ở đây rồi bật lại bằng điện thoại mới.": (
        "To change the telephone, remove it here and set it up again with the new one."
    ),
    "Gỡ xác thực hai bước": "Remove the second factor",
    "Chức danh của quý vị thay đổi được nhiều hơn việc của mình: xin bật xác thực hai bước trước khi làm việc khác.": (
        "Your post can change more than its own work: please set up the second factor before anything else."
    ),
    "1. Cài ứng dụng": "1. Get the application",
    "Trên điện thoại, cài một ứng dụng xác thực bất kỳ, như Google Authenticator hay Microsoft Authenticator.": (
        "On the telephone, get any authenticator, such as Google Authenticator or Microsoft Authenticator."
    ),
    "2. Quét mã": "2. Scan",
    "Trong ứng dụng chọn thêm tài khoản, rồi quét hình này.": "In it choose to add an account and scan this drawing.",
    "Hình để ứng dụng quét": "The drawing for the application",
    "Không quét được thì nhập khóa": "If it cannot be scanned, type the key",
    "3. Nhập mã đang hiện": "3. Type the number it shows",
    "Bật xác thực hai bước": "Set up the second factor",
    "Trang đã mở quá lâu: xin quét lại mã mới.": "The page was open for too long: please scan the new drawing.",
    "Đã bật xác thực hai bước. Từ lần đăng nhập sau, hệ thống hỏi thêm mã trên điện thoại.": (
        "The second factor is set up. From the next sign-in on, a number is asked for."
    ),
    "Đã gỡ xác thực hai bước.": "The second factor is removed.",
    "Đã gỡ xác thực hai bước của {login}.": "The second factor of {login} is removed.",
    "Khi người này mất điện thoại.": "When this person lost the telephone.",
}
