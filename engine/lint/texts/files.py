"""What the rules of a file as a whole say to people."""

from typing import Final

from engine.lint.texts.remedies import FIX_EN, FIX_VI, Texts

TEXTS: Final[dict[str, Texts]] = {
    "file-too-large": (
        "Tệp lớn hơn 1 MB.",
        "The file is larger than 1 MB.",
        "Tách quy trình thành nhiều tệp nhỏ hơn.",
        "Split the process into smaller files.",
    ),
    "doctype-refused": (
        "Tệp có khai báo DOCTYPE hoặc thực thể; hệ thống không nhận.",
        "The file declares a DOCTYPE or entities, which is not accepted.",
        "Xóa phần khai báo DOCTYPE.",
        "Delete the DOCTYPE declaration.",
    ),
    "not-xml": (
        "Không đọc được tệp như một tài liệu XML ({detail}).",
        "The file cannot be read as XML ({detail}).",
        FIX_VI,
        FIX_EN,
    ),
    "too-many-elements": (
        "Tệp có quá nhiều phần tử ({detail}).",
        "The file has too many elements ({detail}).",
        "Tách thành nhiều tệp.",
        "Split it into several files.",
    ),
    "too-deep": (
        "Các phần tử lồng nhau quá sâu.",
        "The elements are nested too deeply.",
        "Giảm số tầng quy trình con.",
        "Use fewer levels of sub-processes.",
    ),
    "not-bpmn": (
        "Tệp không phải là sơ đồ BPMN 2.0.",
        "The file is not a BPMN 2.0 diagram.",
        "Lưu sơ đồ ở dạng BPMN 2.0 XML.",
        "Save the diagram as BPMN 2.0 XML.",
    ),
    "no-process": (
        "Tệp không có quy trình nào.",
        "The file contains no process.",
        "Vẽ ít nhất một quy trình.",
        "Draw at least one process.",
    ),
    "too-many-files": (
        "Có quá nhiều tệp ({count}).",
        "There are too many files ({count}).",
        "Tách thành nhiều bộ.",
        "Split the bundle.",
    ),
    "file-unknown": (
        "Không rõ tệp này dùng để làm gì; nó bị bỏ qua.",
        "This kind of file is not used; it is ignored.",
        "Chỉ gửi tệp .bpmn, .dmn và .form.json.",
        "Send only .bpmn, .dmn and .form.json files.",
    ),
    "check-failed": (
        "Không kiểm tra được bộ tệp này ({detail}).",
        "These files could not be checked ({detail}).",
        "Báo cho người quản trị hệ thống.",
        "Tell the administrator.",
    ),
}
