"""What verification says on a terminal, in the language of the terminal."""

from types import MappingProxyType
from typing import Final

from engine import verification
from engine.audit import Verification
from webapp.config import terminal_language

_WHY: Final = MappingProxyType(
    {
        "missing": "không có ở đây",
        "altered": "không khớp mã băm của nó",
        "leaf": "không phải mục có mã băm giữ bên ngoài",
        "node": "cây phía trên không phải cây đã lưu",
        "checkpoint": "gốc đã ký không phải gốc của các mục này",
        "tip": "nhật ký không kết thúc ở chỗ đã ghi",
        "text": "lời ghi bên cạnh không phải lời đã ghi",
        "lost": "thiếu lời ghi bên cạnh mà không mục nào xóa",
        "archive": "không có ở đây, và nhật ký không biết bản lưu trữ như đã nói",
        "unshown": "được nói là nằm ở bản lưu trữ, nhưng không bản nào đưa ra có nó",
        "signature": "điểm kiểm tra đi kèm không được ký bằng khóa của nhật ký",
    }
)


def either(vietnamese: str, english: str) -> str:
    """Return a sentence in the language of the terminal."""
    return vietnamese if terminal_language() == "vi" else english


def broken(found: Verification) -> str:
    """Say which entry of the log does not fit, and why."""
    since = f"từ {found.since} đến " if found.since else ""
    at = f" («{found.path}»)" if found.path else ""
    return either(f"nhật ký sai ở mục {since}{found.broken_seq}{at}: {_WHY[found.why]}", verification.said_of(found))
