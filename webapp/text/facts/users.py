"""Sentences about persons: accounts, sessions, tokens, substitutes, lists, what was refused them."""

from webapp.text.facts.sentence import S, Sentence

SENTENCES: dict[str, Sentence] = {
    "person:added": S("{who} thêm tài khoản", "{who} added an account", "plus-lg"),
    "person:disabled": S(
        "{who} khóa tài khoản[: {reason}]", "{who} disabled an account[: {reason}]", "slash-circle", "bad"
    ),
    "password:changed": S(
        "Mật khẩu được đổi; mọi phiên đăng nhập kết thúc", "A password was changed; every session ended", "shield-check"
    ),
    "second_factor:enrolled": S("{who} bật xác thực hai bước", "{who} set up a second factor", "shield-check"),
    "second_factor:removed": S(
        "{who} gỡ xác thực hai bước[: {reason}]",
        "{who} removed a second factor[: {reason}]",
        "shield-exclamation",
        "bad",
    ),
    "session:opened": S("{who} đăng nhập", "{who} signed in", "box-arrow-in-right"),
    "session:ended": S("{who} đăng xuất một thiết bị", "{who} signed a device out", "slash-circle"),
    "session:refused": S("Đăng nhập không thành công", "A sign-in failed", "shield-exclamation", "bad"),
    "token:created": S("{who} tạo khóa truy cập", "{who} made an access token", "plus-lg"),
    "language:chosen": S("{who} đổi ngôn ngữ", "{who} changed the language", "person-workspace"),
    "token:revoked": S("{who} thu hồi khóa truy cập", "{who} revoked an access token", "slash-circle"),
    "post:chosen": S("{who} chọn chức danh làm việc", "{who} chose a post to act as", "person-workspace"),
    "substitution:added": S("{who} ủy quyền khi vắng mặt", "{who} named a substitute", "people"),
    "substitution:ended": S("{who} chấm dứt ủy quyền", "{who} ended a substitution", "people"),
    "view:saved": S("{who} lưu một danh sách việc", "{who} saved a list", "inbox"),
    "view:removed": S("{who} bỏ một danh sách việc", "{who} removed a list", "inbox"),
    "access:refused": S(
        "{who} bị từ chối một thao tác[: {reason}]", "{who} was refused an act[: {reason}]", "shield-exclamation", "bad"
    ),
}
