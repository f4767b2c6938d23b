"""Refusals about the audit log: keys, checkpoints, proofs and witnesses."""

from webapp.text.refusals.refusal import R, Refusal

REFUSALS: dict[str, Refusal] = {
    "no_checkpoint": R(
        "Chưa có điểm kiểm tra",
        "Nhật ký chưa được ký lần nào.",
        "There is no checkpoint yet",
        "The log has not been signed so far.",
    ),
    "no_audit_key": R(
        "Không có khóa ký nhật ký",
        "Khóa đang dùng không có trong thư mục keys của máy này. Nếu khóa đã mất: lienthong audit rotate --lost.",
        "The key of the log is not here",
        "It is not in the folder keys of this home. If it is lost: lienthong audit rotate --lost.",
    ),
    "nothing_to_erase": R(
        "Không có lời nào để xóa",
        "Ở đó không có lời ghi nào, hoặc đã xóa rồi. Lời của mục cũ nằm trong mã băm thì không xóa được.",
        "There is nothing to erase",
        "No text stands there, or it is erased already. Texts of old entries are within the hash, and stay.",
    ),
    "no_such_proof": R(
        "Không có bằng chứng này",
        "Số mục nằm ngoài nhật ký.",
        "There is no such proof",
        "The numbers are not within the log.",
    ),
    "bad_note": R(
        "Bản ghi có chữ ký không dùng được",
        "Tệp không phải điểm kiểm tra, hoặc chữ ký không đúng[ ({why})].",
        "The signed note cannot be used",
        "It is no checkpoint, or not signed as it has to be[ ({why})].",
    ),
    "bad_key_name": R(
        "Tên khóa không dùng được",
        "Tên gồm chữ không dấu, số và dấu gạch, không có dấu cách.",
        "The name of the key cannot be used",
        "A name is ASCII, without spaces and plus signs.",
    ),
    "bad_key_file": R(
        "Tệp khóa không đọc được", "Xin kiểm tra tệp {file}.", "The key cannot be read", "Look at the file {file}."
    ),
    "witness_without_name": R(
        "Bên chứng kiến cần có tên",
        "Lần đầu xin cho tên: --name.",
        "A witness needs a name",
        "Give one the first time: --name.",
    ),
    "log_key_unknown": R(
        "Chưa biết khóa của nhật ký",
        "Lần đầu xin cho khóa nhận từ nguồn tin cậy: --key.",
        "The key of the log is not known",
        "Give the one you know from elsewhere the first time: --key.",
    ),
    "log_has_another_key": R(
        "Khóa khác với khóa đã tin",
        "Thư mục này đang tin một khóa khác.",
        "Another key than the trusted one",
        "This folder trusts another key.",
    ),
    "log_unreachable": R("Không đọc được nhật ký từ xa", "{why}", "The log could not be asked", "{why}"),
    "witness_has_another_key": R(
        "Tên này đã có khóa khác",
        "{witness} đã ký bằng một khóa khác.",
        "This name has another key",
        "{witness} signed with another key before.",
    ),
    "log_became_shorter": R(
        "Nhật ký bị cắt ngắn",
        "Trước có {seen} mục ({seen_code}), nay chỉ còn {shown} ({shown_code}). Cả hai bản đã được giữ làm bằng chứng.",
        "The log has become shorter",
        "It had {seen} entries ({seen_code}) and shows {shown} ({shown_code}). Both notes are kept as evidence.",
    ),
    "log_forked": R(
        "Lịch sử nhật ký đã bị thay đổi",
        "{shown} mục ({shown_code}) không nối tiếp {seen} mục đã thấy ({seen_code}). Hai bản ghi đã được giữ làm bằng "
        "chứng.",
        "The log has another history than before",
        "{shown} entries ({shown_code}) do not continue the {seen} seen before ({seen_code}). Both notes are kept as "
        "evidence.",
    ),
    "bad_years": R(
        "Số năm không hợp lệ",
        "Từ 0 (giữ mãi) đến {most}.",
        "No number of years",
        "From 0 (for ever) to {most}.",
    ),
    "already_held": R(
        "Đang được giữ",
        "Các mục của đặt hàng này đang được giữ rồi.",
        "It is held already",
        "The entries of this order are held already.",
    ),
    "not_held": R(
        "Không có gì đang giữ",
        "Các mục của đặt hàng này không bị giữ.",
        "Nothing is held",
        "The entries of this order are not held.",
    ),
    "no_such_order": R(
        "Không thấy đặt hàng",
        "Không có, hoặc có nhiều đặt hàng mang số {order}.",
        "No such order",
        "There is none, or more than one, with the number {order}.",
    ),
    "archive_where": R(
        "Thiếu nơi ghi hoặc người làm",
        "Cần --to và --user, hoặc --dry-run.",
        "Where to, and by whom?",
        "Give --to and --user, or --dry-run.",
    ),
    "log_changed_meanwhile": R(
        "Các mục cần lưu trữ đã khác",
        "Có mục được giữ thêm trong lúc ghi tệp. Chưa mục nào rời đi; xin chạy lại.",
        "Other entries are due by now",
        "Something was put on hold while the file was written. Nothing has left; run it again.",
    ),
    "file_not_there": R(
        "Không mở được tệp",
        "Không có tệp «{file}».",
        "The file cannot be opened",
        "There is no file “{file}”.",
    ),
    "not_a_proof": R(
        "Không phải bằng chứng",
        "«{file}» không phải tệp mà `lienthong audit prove` hay `consistency` đã ghi.",
        "Not a proof",
        "“{file}” is not what `lienthong audit prove` or `consistency` wrote.",
    ),
    "not_our_archive": R(
        "Không phải bản lưu trữ của nhật ký này",
        "Tệp không đọc được, không đủ, hoặc không do nhật ký này ký.",
        "Not an archive of this log",
        "The file cannot be read, is not whole, or was not signed by this log.",
    ),
    "archive_altered": R(
        "Bản lưu trữ đã bị sửa",
        "Mục {seq} không phải mục đã lưu trữ. Chưa mở gì.",
        "The archive was changed",
        "Entry {seq} is not the one that was archived. Nothing was opened.",
    ),
    "archive_is_open": R(
        "Bản lưu trữ đang mở",
        "Bản này đang được mở để xem lại.",
        "The archive is open",
        "It is open for review already.",
    ),
    "archive_not_open": R(
        "Bản lưu trữ không mở",
        "Không có bản lưu trữ nào như vậy đang mở.",
        "The archive is not open",
        "No such archive is open for review.",
    ),
    "entry_is_archived": R(
        "Mục đã lưu trữ",
        "Mục này nằm trong bản lưu trữ; ở đây còn mã băm của nó.",
        "The entry is archived",
        "It stands in an archive; here is its hash.",
    ),
}
