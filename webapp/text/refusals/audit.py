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
}
