"""Refusals of settings and of the machine, met by whoever installs and runs it."""

from webapp.text.refusals.refusal import R, Refusal

REFUSALS: dict[str, Refusal] = {
    "setting_no_number": R(
        "Cài đặt {name} không dùng được",
        "«{value}» phải là một số nguyên từ {least} đến {most}.",
        "The setting {name} cannot be used",
        "“{value}” has to be a whole number from {least} to {most}.",
    ),
    "setting_too_short": R(
        "Cài đặt {name} quá yếu",
        "Cần ít nhất {least} ký tự ngẫu nhiên.",
        "The setting {name} is too weak",
        "Give at least {least} random characters.",
    ),
    "setting_no_choice": R(
        "Cài đặt {name} không dùng được",
        "«{value}» phải là một trong: {choices}.",
        "The setting {name} cannot be used",
        "“{value}” has to be one of {choices}.",
    ),
    "setting_no_address": R(
        "Cài đặt {name} không dùng được",
        "Đây phải là một địa chỉ như {example}.",
        "The setting {name} cannot be used",
        "It has to be an address such as {example}.",
    ),
    "address_refused": R(
        "Không mở được cổng {port}",
        "Không nghe được ở {host}:{port} ({why}). Xin dừng chương trình đang dùng cổng này, hoặc chọn cổng khác bằng "
        "--port.",
        "Port {port} cannot be opened",
        "{host}:{port} cannot be listened on ({why}). Please stop what uses it, or choose another with --port.",
    ),
    "database_refused": R(
        "Không dùng được cơ sở dữ liệu",
        "Cơ sở dữ liệu báo: {why}. Xin xem nó có đang chạy không và LIENTHONG_DATABASE_URL có đúng không.",
        "The database cannot be used",
        "The database says: {why}. Please see whether it runs and whether LIENTHONG_DATABASE_URL is right.",
    ),
    "machine_refused": R(
        "Máy không cho làm việc này",
        "[«{file}»: ]{why}. Xin xem đường dẫn, quyền và chỗ trống trên đĩa.",
        "The machine refused",
        "[“{file}”: ]{why}. Please see the path, the rights and the room on the disk.",
    ),
    "no_such_login": R(
        "Không có tài khoản này",
        "Không ai có tên đăng nhập «{login}».",
        "There is no such account",
        "Nobody has the login “{login}”.",
    ),
    "nothing_such": R(
        "Không tìm thấy",
        "Ở đây không có thứ được gọi tên trong lệnh[: {named}].",
        "It was not found",
        "What the command names is not here[: {named}].",
    ),
    "not_embedded": R(
        "Không xóa ở đây",
        "Cơ sở dữ liệu do LIENTHONG_DATABASE_URL chỉ định nên --reset không xóa; xin xóa ở máy chủ cơ sở dữ liệu.",
        "Nothing is deleted here",
        "LIENTHONG_DATABASE_URL names the database, so --reset does not delete it; please do so on its server.",
    ),
    "demo_unfinished": R(
        "Thế giới trình diễn chưa dựng xong",
        "Lần dựng trước bị dừng giữa chừng, hoặc thư mục này có dữ liệu khác. Xin chạy lại với --reset, hoặc chọn thư "
        "mục khác bằng --home.",
        "The demo world was not built to its end",
        "The last time it was stopped halfway, or this folder holds other data. Please run it again with --reset, or "
        "choose another folder with --home.",
    ),
}
