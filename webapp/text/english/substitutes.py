"""English of the page of substitutes."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Để người khác làm thay trong những ngày quý vị vắng mặt": "Let somebody act for you while you are away",
    "Người được ủy quyền thấy và làm được các việc của chức danh trong những ngày đó; mọi thao tác ghi tên cả hai "
    "người. Hết ngày là tự thôi.": (
        "Your substitute sees and does the work of the post on those days; everything it does is recorded with both "
        "names. It ends by itself."
    ),
    "Ủy quyền mới": "A new substitute",
    "Chưa ủy quyền được": "Nobody was named yet",
    "Chức danh của quý vị": "Your post",
    "Người làm thay": "Substitute",
    "Ủy quyền": "Name the substitute",
    "Quý vị chưa giữ chức danh nào, hoặc đơn vị không có ai khác để ủy quyền.": (
        "You hold no post, or there is nobody else near who could be named."
    ),
    "Đã ủy quyền": "Substitutes",
    "Từ": "From",
    "Đến hết": "Until",
    "làm thay {name}": "instead of {name}",
    "đã hết": "over",
    "sắp tới": "to come",
    "đang làm thay": "standing in",
    "Chấm dứt": "End",
    "Chưa ủy quyền cho ai.": "Nobody stands in for you.",
    "Đã ủy quyền đến hết ngày {day}.": "Your substitute is named until the end of {day}.",
    "Đã chấm dứt ủy quyền.": "The substitution has ended.",
}
