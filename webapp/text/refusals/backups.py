"""Refusals of backups and of what is restored from them."""

from webapp.text.refusals.refusal import R, Refusal

_UNUSABLE = ("Không dùng được bản sao lưu này", "This backup cannot be used")
_NOT_MADE = ("Chưa sao lưu được", "No backup was made")
_NOT_HERE = ("Không khôi phục vào đây", "Nothing is restored into this")


def _of(titles: tuple[str, str], vietnamese: str, english: str) -> Refusal:
    return R(titles[0], vietnamese, titles[1], english)


REFUSALS: dict[str, Refusal] = {
    "backup_there": _of(
        _NOT_MADE,
        "Đã có {to}: bản sao lưu không bao giờ ghi đè bản khác.",
        "{to} is there already: a backup never replaces another.",
    ),
    "backup_of_nothing": _of(
        _NOT_MADE,
        "Cơ sở dữ liệu chưa có bảng nào: không có gì để sao lưu.",
        "The database has no tables: there is nothing to back up.",
    ),
    "backup_tool_missing": _of(
        ("Thiếu chương trình của PostgreSQL", "A program of PostgreSQL is missing"),
        "Không có {name}. Xin cài postgresql-client của đúng phiên bản máy chủ (hoặc mới hơn).",
        "{name} is not there. Please install the postgresql-client of the server's version, or a newer one.",
    ),
    "backup_tool_failed": _of(
        ("Chương trình của PostgreSQL báo lỗi", "A program of PostgreSQL failed"),
        "{name}: {said}. Nếu là khác phiên bản, xin cài postgresql-client của đúng phiên bản máy chủ.",
        "{name}: {said}. If versions differ, please install the postgresql-client of the server's version.",
    ),
    "backup_newer": _of(
        _UNUSABLE,
        "Bản phát hành mới hơn đã tạo ra nó (dạng {form}): xin khôi phục bằng bản ấy.",
        "A newer release made it (form {form}): please restore it with that one.",
    ),
    "backup_manifest_wrong": _of(_UNUSABLE, "Không đọc được bản kê ({why}).", "The manifest cannot be read ({why})."),
    "backup_unreadable": _of(_UNUSABLE, "Không đọc được tệp lưu trữ ({why}).", "The archive cannot be read ({why})."),
    "backup_incomplete": _of(
        _UNUSABLE,
        "Thiếu {count} tệp có trong bản kê, như {file}.",
        "{count} files of the manifest are not in the archive, such as {file}.",
    ),
    "backup_without_manifest": _of(
        _UNUSABLE,
        "Tệp không có bản kê: đây không phải bản sao lưu, hoặc chưa được ghi xong.",
        "The archive has no manifest: it is no backup, or was not finished.",
    ),
    "backup_foreign": _of(
        _UNUSABLE, "«{file}» không thuộc về một bản sao lưu.", "“{file}” does not belong into a backup."
    ),
    "backup_damaged": _of(
        _UNUSABLE,
        "{file} không như trong bản kê: bản sao lưu bị hỏng.",
        "{file} is not as the manifest says: the backup is damaged.",
    ),
    "home_not_empty": _of(
        _NOT_HERE,
        "{home} không trống ({there}): thêm --over để dời những gì đang có sang bên.",
        "{home} is not empty ({there}): say --over to set aside what is there.",
    ),
    "backup_is_embedded": _of(
        _NOT_HERE,
        "Đây là bản sao lưu của cơ sở dữ liệu nhúng: xin bỏ LIENTHONG_DATABASE_URL.",
        "It is a backup of an embedded database: please leave LIENTHONG_DATABASE_URL out.",
    ),
    "backup_is_of_a_server": _of(
        _NOT_HERE,
        "Đây là bản sao lưu của PostgreSQL: xin chỉ một cơ sở dữ liệu trống trong LIENTHONG_DATABASE_URL.",
        "It is a backup of PostgreSQL: please name an empty database in LIENTHONG_DATABASE_URL.",
    ),
    "database_not_empty": _of(
        _NOT_HERE,
        "Cơ sở dữ liệu không trống: xin tạo một cơ sở dữ liệu trống và chỉ nó trong LIENTHONG_DATABASE_URL.",
        "The database is not empty: please create an empty one and name it in LIENTHONG_DATABASE_URL.",
    ),
}
