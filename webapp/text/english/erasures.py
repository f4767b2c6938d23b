"""English of the page on which texts of the log are erased, and of what stands in their place."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "đã xóa theo luật": "erased under the law",
    "Xóa theo luật": "Erasing by law",
    "Lời người ta viết (lý do, nhận xét, nội dung) đứng bên ngoài mã băm. Xóa lời thì mục, số thứ tự và mọi bằng chứng "
    "vẫn đúng; việc xóa là một mục.": (
        "What people wrote (reasons, remarks, contents) stands outside the hashes. When it is erased, the entry, its "
        "number and every proof stay right; the erasure is an entry."
    ),
    "Xóa lời ghi": "Erase texts",
    "Không lấy lại được. Chỉ xóa trong nhật ký: hồ sơ công việc và bản sao lưu theo thời hạn riêng của chúng.": (
        "There is no way back. Only the log is concerned: files of work and backups have times of their own."
    ),
    "Người kiểm tra nhật ký cho biết số này.": "The auditor of the log tells this number.",
    "Chỉ những lời ở": "Only the texts at",
    "Để trống thì xóa mọi lời của mục. Ví dụ: <code>reason after/title</code>": (
        "If empty, every text of the entry. For example: <code>reason after/title</code>"
    ),
    "Hoặc mọi mục nói về": "Or every entry about",
    "Tên đăng nhập của một người, hoặc mã của đối tượng.": "The login of a person, or the key of a subject.",
    "Căn cứ pháp lý": "Legal basis",
    "Văn bản, điều khoản, số yêu cầu.": "Law, article, number of the request.",
    "Không nhắc lại điều đang xóa.": "Do not repeat what is being erased.",
    "Đã xóa": "Erased so far",
    "Chưa xóa lời nào.": "Nothing has been erased.",
    "Đã xóa {n} lời ghi; mục và bằng chứng của nó vẫn còn.": (
        "One text is erased; its entry and proofs stay.",
        "{n} texts are erased; their entries and proofs stay.",
    ),
    "Có lời ghi bị sửa hoặc mất ở: {path}": "A text was changed or is lost at: {path}",
}
