"""English of the page of API tokens."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Khóa truy cập API": "API tokens",
    "Chương trình dùng khóa này làm được đúng những gì quý vị làm được với chức danh lúc tạo khóa, "
    "và mọi thao tác đều ghi tên quý vị.": (
        "A program with a token can do what you can in this post, and everything it does is recorded as yours."
    ),
    "Khóa mới: sao chép ngay, khóa chỉ hiện một lần": "Your new token: copy it now, it is shown once",
    "Tạo khóa": "Make a token",
    "Dùng cho việc gì": "What it is for",
    "Thời hạn (ngày)": "Valid for (days)",
    "Khóa đang dùng": "Tokens in use",
    "Dùng cho": "For",
    "Tạo": "Made",
    "Hết hạn": "Expires",
    "Thu hồi": "Revoke",
    "Chưa có khóa nào.": "No tokens yet.",
    "Mô tả API (OpenAPI 3.1)": "Description of the API (OpenAPI 3.1)",
    "Không đặt tên": "Unnamed",
    "Đã thu hồi khóa truy cập «{label}».": "The token “{label}” was revoked.",
}
