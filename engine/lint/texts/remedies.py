"""What is advised more than once."""

Texts = tuple[str, str, str, str]  # message vi, message en, remedy vi, remedy en

REMOVE_VI, REMOVE_EN = (
    "Bỏ phần tử này hoặc vẽ lại bằng các phần tử được hỗ trợ.",
    "Remove it, or draw it with supported elements.",
)
FIX_VI, FIX_EN = (
    "Mở tệp trong trình thiết kế, sửa rồi lưu lại.",
    "Open the file in the designer, correct it and save again.",
)
NOTHING_VI, NOTHING_EN = "Không cần làm gì.", "Nothing to do."
DRAW_VI, DRAW_EN = "Sửa lại trong trình thiết kế.", "Correct it in the designer."
