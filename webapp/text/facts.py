"""One sentence per fact of the audit log, in both languages, with the sign of the timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from jinja2 import Environment

from models.audit_texts import Erased
from webapp.text.language import fill, language, say
from webapp.text.notation import day, number, when
from webapp.text.words import PARTS, PROGRESS, ROLES


class Sentence(NamedTuple):
    """A fact in words; {who} acted, [what is in brackets] is said where it is known."""

    vi: str
    en: str
    icon: str = "record-circle"
    style: str = ""  # hand: the work changed hands; bad, good: for the colour of the dot


S = Sentence
SENTENCES: dict[str, Sentence] = {
    "order:created": S("{who} bắt đầu soạn đặt hàng", "{who} began to draft the order", "pencil"),
    "order:saved": S("{who} lưu nội dung đặt hàng", "{who} saved the order", "pencil"),
    "order:signed": S(
        "{who} ký ban hành đặt hàng[ số {number}]", "{who} signed the order[ no. {number}]", "send", "hand"
    ),
    "order:withdrawn": S(
        "{who} thu hồi đặt hàng[: {reason}]", "{who} withdrew the order[: {reason}]", "slash-circle", "bad"
    ),
    "order:accepted": S("{who} tiếp nhận đặt hàng", "{who} accepted the order", "check-lg"),
    "order:refused": S(
        "{who} từ chối tiếp nhận đặt hàng[: {reason}]", "{who} refused the order[: {reason}]", "x-circle", "bad"
    ),
    "order:reported": S("{who} trình kết quả đặt hàng", "{who} submitted the result of the order", "send", "hand"),
    "order:returned": S(
        "{who} trả lại kết quả đặt hàng[: {reason}]",
        "{who} returned the result[: {reason}]",
        "arrow-counterclockwise",
        "bad",
    ),
    "order:amended": S("{who} điều chỉnh đặt hàng[: {reason}]", "{who} amended the order[: {reason}]", "pencil"),
    "order:closed": S(
        "{who} nghiệm thu, khép đặt hàng[: {verdict}]",
        "{who} gave the verdict and closed the order[: {verdict}]",
        "check-circle-fill",
        "good",
    ),
    "overlap:found": S(
        "Hệ thống thấy đặt hàng có thể chồng chéo[ với {others}]",
        "The order may overlap[ with {others}]",
        "exclamation-triangle",
    ),
    "overlap:resolved": S(
        "{who} xử lý chồng chéo[: {decision}][, {reason}]",
        "{who} resolved the overlap[: {decision}][, {reason}]",
        "check-lg",
    ),
    "assignment:created": S(
        "{who} giao {organization}[ phần {part}][, hạn {due}]",
        "{who} assigned {organization}[ as {part}][, due {due}]",
        "arrow-right",
        "hand",
    ),
    "assignment:accepted": S("{who} tiếp nhận phần việc", "{who} accepted the share", "check-lg"),
    "assignment:refused": S(
        "{who} từ chối phần việc[: {reason}]", "{who} refused the share[: {reason}]", "x-circle", "bad"
    ),
    "assignment:reported": S("{who} báo cáo phần việc", "{who} reported on the share", "send", "hand"),
    "assignment:returned": S(
        "{who} trả lại báo cáo[: {reason}]", "{who} returned the report[: {reason}]", "arrow-counterclockwise", "bad"
    ),
    "assignment:confirmed": S("{who} xác nhận phần việc", "{who} confirmed the share", "check-circle-fill", "good"),
    "progress:changed": S(
        "Tiến độ[: {before_progress} →][ {after_progress}]",
        "Progress[: {before_progress} →][ {after_progress}]",
        "circle-half",
    ),
    "assignment:cancelled": S(
        "{who} hủy phần việc[: {reason}]", "{who} cancelled the share[: {reason}]", "slash-circle", "bad"
    ),
    "assignment:handed_over": S(
        "Phần việc được bàn giao[: {before_organization} → {after_organization}][, căn cứ {document}]",
        "The share was handed over[: {before_organization} → {after_organization}][, by {document}]",
        "arrow-left-right",
        "hand",
    ),
    "assignment:lead_replaced": S(
        "{who} đổi đơn vị chủ trì[: {before_lead} → {after_lead}][, lý do: {reason}]",
        "{who} changed the lead[: {before_lead} → {after_lead}][, because: {reason}]",
        "arrow-left-right",
        "hand",
    ),
    "assignment:urged": S(
        "{who} đôn đốc[ {organization}][, chậm {days} ngày làm việc][: {note}]",
        "{who} urged[ {organization}][, {days} working days late][: {note}]",
        "megaphone",
        "bad",
    ),
    "assignment:escalated": S(
        "Hệ thống báo lên cấp trên[ {organization}][, chậm {days} ngày làm việc]",
        "The system told the level above[ {organization}][, {days} working days late]",
        "megaphone",
        "bad",
    ),
    "amendment:confirmed": S(
        "{who} xác nhận nội dung điều chỉnh[, hạn {after_due}][: {note}]",
        "{who} confirmed the amendment[, due {after_due}][: {note}]",
        "check-lg",
    ),
    "due:moved": S(
        "{who} dời hạn phần việc[: {before_due} →][ {after_due}][, lý do: {reason}]",
        "{who} moved the due date of a share[: {before_due} →][ {after_due}][, because: {reason}]",
        "clock",
    ),
    "conflict:raised": S(
        "Vướng mắc trong phối hợp: đơn vị phối hợp {why}[: {reason}]",
        "A conflict of coordination: the coordinator {why}[: {reason}]",
        "exclamation-triangle",
        "bad",
    ),
    "conflict:decided": S(
        "{who} cho ý kiến chỉ đạo về vướng mắc[: {decision}][, {reason}]",
        "{who} decided the conflict[: {decision}][, {reason}]",
        "check-lg",
        "good",
    ),
    "extension:requested": S(
        "{who} xin gia hạn[: {before_due} → {after_due}][, lý do: {reason}]",
        "{who} asked for more time[: {before_due} → {after_due}][, because: {reason}]",
        "clock",
    ),
    "extension:decided": S(
        "{who} trả lời đề nghị gia hạn[: {decision}][, hạn {after_due}][, {reason}]",
        "{who} decided on the extension[: {decision}][, due {after_due}][, {reason}]",
        "clock",
    ),
    "task:opened": S("Việc được mở", "The task was opened", "inbox"),
    "task:claimed": S("{who} nhận việc", "{who} claimed the task", "box-arrow-in-right", "hand"),
    "task:released": S("{who} trả việc về hàng chờ", "{who} released the task", "arrow-counterclockwise", "hand"),
    "task:completed": S(
        "{who} hoàn thành việc[: {decision}][, {reason}]",
        "{who} completed the task[: {decision}][, {reason}]",
        "check-circle-fill",
        "good",
    ),
    "task:delegated": S(
        "{who} nhờ {to_title} xử lý[, hẹn {due}][: {note}]",
        "{who} asked {to_title} for help[, by {due}][: {note}]",
        "people",
        "hand",
    ),
    "task:resolved": S(
        "{who} trả kết quả nhờ[: {note}]", "{who} gave the help asked for[: {note}]", "check-lg", "hand"
    ),
    "task:taken_back": S(
        "{who} lấy lại việc đã nhờ", "{who} took the task back from the helper", "arrow-counterclockwise", "hand"
    ),
    "task:transferred": S(
        "{who} chuyển việc[ từ {before_holder}][ cho {after_holder}][: {reason}]",
        "{who} transferred the task[ from {before_holder}][ to {after_holder}][: {reason}]",
        "arrow-left-right",
        "hand",
    ),
    "task:returned": S(
        "{who} trả lại[: {reason}]", "{who} returned the work[: {reason}]", "arrow-counterclockwise", "bad"
    ),
    "task:commented": S("{who} trao đổi", "{who} commented", "chat-left-text"),
    "task:urged": S(
        "{who} đôn đốc[, chậm {days} ngày làm việc][: {note}]",
        "{who} urged[, {days} working days late][: {note}]",
        "megaphone",
        "bad",
    ),
    "task:reminded": S(
        "Hệ thống nhắc việc[, còn {days} ngày làm việc]", "The system reminded[, {days} working days left]", "bell"
    ),
    "task:escalated": S(
        "Hệ thống báo cấp trên[ {organization}][, chậm {days} ngày làm việc]",
        "The system told the level above[ {organization}][, {days} working days late]",
        "megaphone",
        "bad",
    ),
    "task:skipped": S(
        "Việc tự hoàn thành vì cùng một người đã làm bước trước",
        "The task completed itself: the same person did the step before",
        "arrow-right",
    ),
    "task:cancelled": S("Việc được hủy[: {reason}]", "The task was cancelled[: {reason}]", "slash-circle", "bad"),
    "task:handed_over": S(
        "Việc được bàn giao[: {reason}]", "The task was handed over[: {reason}]", "arrow-left-right", "hand"
    ),
    "attachment:added": S("{who} đính kèm tệp", "{who} attached a file", "paperclip"),
    "attachment:removed": S(
        "{who} gỡ tệp; dấu vết của tệp vẫn được giữ", "{who} removed a file; its hash stays", "paperclip"
    ),
    "instance:started": S("{who} khởi động quy trình", "{who} started the process", "play-fill"),
    "instance:moved": S("Quy trình đi tiếp", "The process went on", "arrow-right"),
    "instance:finished": S("Quy trình kết thúc", "The process finished", "flag", "good"),
    "instance:failed": S("Quy trình kết thúc với lỗi", "The process failed", "x-circle", "bad"),
    "instance:cancelled": S(
        "{who} hủy quy trình[: {reason}]", "{who} cancelled the process[: {reason}]", "slash-circle", "bad"
    ),
    "instance:handed_over": S(
        "Quy trình được bàn giao[: {reason}]", "The process was handed over[: {reason}]", "arrow-left-right"
    ),
    "instance:migrated": S(
        "{who} chuyển quy trình sang phiên bản khác[: {before_version} → {after_version}][, lý do: {reason}]",
        "{who} migrated the process[: version {before_version} → {after_version}][, because: {reason}]",
        "arrow-left-right",
        "hand",
    ),
    "migration:requested": S(
        "{who} cho {instances} quy trình[ {process}] chuyển phiên bản[: {before_version} → {after_version}]"
        "[, lý do: {reason}]",
        "{who} let {instances} processes[ {process}] migrate[: version {before_version} → {after_version}]"
        "[, because: {reason}]",
        "arrow-left-right",
        "hand",
    ),
    "instance:suspended": S(
        "{who} tạm dừng quy trình[: {reason}]", "{who} suspended the process[: {reason}]", "pause-circle"
    ),
    "instance:resumed": S(
        "{who} cho quy trình tiếp tục[: {reason}]", "{who} resumed the process[: {reason}]", "play-fill"
    ),
    "instance:stuck": S(
        "Quy trình bị kẹt; quản trị được báo",
        "The process is stuck; the administrators know",
        "exclamation-triangle",
        "bad",
    ),
    "incident:resolved": S(
        "{who} gỡ chỗ kẹt[: {reason}]", "{who} resolved the incident[: {reason}]", "check-lg", "good"
    ),
    "data:edited": S(
        "{who} sửa dữ liệu của quy trình[: {reason}]", "{who} edited data of the process[: {reason}]", "pencil"
    ),
    "step:skipped": S(
        "{who} bỏ qua bước[ «{step}»][: {reason}]",
        "{who} skipped the step[ «{step}»][: {reason}]",
        "arrow-right",
        "bad",
    ),
    "token:moved": S(
        "{who} chuyển quy trình[ từ «{before_step}»][ sang «{after_step}»][: {reason}]",
        "{who} moved the process[ from «{before_step}»][ to «{after_step}»][: {reason}]",
        "signpost-split",
    ),
    "message:sent": S("Thông điệp được gửi[: {title}]", "A message was sent[: {title}]", "send"),
    "message:delivered": S("Thông điệp được nhận[: {title}]", "A message was delivered[: {title}]", "envelope"),
    "message:kept": S(
        "Thông điệp đến sớm, được giữ lại[: {title}]", "A message came early and is kept[: {title}]", "envelope"
    ),
    "message:late": S("Thông điệp đến muộn[: {title}]", "A message came late[: {title}]", "envelope"),
    "message:dead": S(
        "Thông điệp không có nơi nhận[: {title}]", "A message has no receiver[: {title}]", "envelope", "bad"
    ),
    "timer:fired": S("Đến giờ đã hẹn", "A timer fired", "clock"),
    "timer:fired_early": S(
        "{who} cho hẹn giờ chạy ngay[, giờ cũ {before_due}][: {reason}]",
        "{who} let a timer fire early[, due {before_due}][: {reason}]",
        "lightning",
    ),
    "timer:rescheduled": S(
        "{who} đổi hẹn giờ[: {before_due} →][ {after_due}][, lý do: {reason}]",
        "{who} rescheduled a timer[: {before_due} →][ {after_due}][, because: {reason}]",
        "clock",
    ),
    "job:retried": S(
        "{who} cho chạy lại công việc nền[ {job}][: {reason}]",
        "{who} retried the job[ {job}][: {reason}]",
        "arrow-repeat",
    ),
    "letter:retried": S("{who} cho gửi lại thư[: {reason}]", "{who} let a letter be sent again[: {reason}]", "send"),
    "figure:entered": S("{who} nhập số liệu", "{who} entered figures", "table"),
    "figure:corrected": S("{who} đính chính số liệu[: {reason}]", "{who} corrected a figure[: {reason}]", "pencil"),
    "figure:added_late": S("{who} bổ sung số liệu sau hạn chốt", "{who} added a figure after the cut-off", "table"),
    "event:recorded": S("{who} ghi nhận hoạt động", "{who} recorded an event", "flag"),
    "event:merged": S(
        "{who} gộp hai bản ghi của cùng một hoạt động[: {reason}]",
        "{who} merged two records of one event[: {reason}]",
        "flag",
    ),
    "event:kept_apart": S("{who} giữ cả hai hoạt động[: {reason}]", "{who} kept both events[: {reason}]", "flag"),
    "indicator:added": S("{who} thêm chỉ tiêu[ {code}]", "{who} added an indicator[ {code}]", "plus-lg"),
    "target:set": S("{who} đặt chỉ tiêu cần đạt", "{who} set targets", "flag"),
    "definition:deployed": S(
        "{who} đưa quy trình vào sử dụng[: {process}][ bản {version}][, {reason}]",
        "{who} deployed a process[: {process}][ version {version}][, {reason}]",
        "bounding-box",
    ),
    "definition:suspended": S(
        "{who} tạm dừng quy trình[ {process}][ bản {version}][, {instances} quy trình đang chạy chờ][: {reason}]",
        "{who} suspended the process[ {process}][ version {version}][, {instances} running ones wait][: {reason}]",
        "pause-circle",
    ),
    "definition:resumed": S(
        "{who} cho dùng lại quy trình[ {process}][ bản {version}][: {reason}]",
        "{who} resumed the process[ {process}][ version {version}][: {reason}]",
        "play-fill",
    ),
    "definition:activated": S(
        "{who} đưa quy trình[ {process}] về bản {version}[: {reason}]",
        "{who} put version {version} of the process[ {process}] into use again[: {reason}]",
        "arrow-counterclockwise",
    ),
    "design:created": S("{who} mở bản thiết kế[ {process}]", "{who} began a design[ of {process}]", "pencil"),
    "design:saved": S("{who} lưu bản thiết kế[, tệp {file}]", "{who} saved the design[, file {file}]", "pencil"),
    "design:file_removed": S(
        "{who} bỏ một tệp của bản thiết kế[: {file}]", "{who} removed a file of the design[: {file}]", "slash-circle"
    ),
    "design:taken_over": S(
        "{who} nhận quyền sửa bản thiết kế từ người đang sửa",
        "{who} took the design over from who was editing it",
        "arrow-left-right",
        "hand",
    ),
    "design:submitted": S(
        "{who} trình duyệt bản thiết kế[: {note}]", "{who} submitted the design[: {note}]", "send", "hand"
    ),
    "design:withdrawn": S("{who} rút bản trình duyệt", "{who} withdrew the submission", "arrow-counterclockwise"),
    "design:returned": S(
        "{who} trả lại bản thiết kế[: {reason}]",
        "{who} returned the design[: {reason}]",
        "arrow-counterclockwise",
        "bad",
    ),
    "design:approved": S(
        "{who} duyệt bản thiết kế[, hiệu lực từ {effective_at}][: {note}]",
        "{who} approved the design[, in force from {effective_at}][: {note}]",
        "check-circle-fill",
        "good",
    ),
    "design:published": S(
        "{who} ban hành bản thiết kế thành bản {version}[ của {process}]",
        "{who} published the design as version {version}[ of {process}]",
        "send",
        "good",
    ),
    "design:discarded": S("{who} bỏ bản thiết kế", "{who} discarded the design", "slash-circle"),
    "design:commented": S(
        "{who} góp ý cho bản thiết kế[, phần tử {element}]",
        "{who} commented on the design[, element {element}]",
        "chat-left-text",
    ),
    "design:comment_done": S(
        "{who} đánh dấu góp ý đã xử lý", "{who} marked a comment on the design as done", "check-lg"
    ),
    "definition:retired": S("{who} ngừng dùng một bản quy trình", "{who} retired a process version", "slash-circle"),
    "person:added": S("{who} thêm tài khoản", "{who} added an account", "plus-lg"),
    "person:changed": S("{who} sửa tài khoản", "{who} changed an account", "pencil"),
    "person:disabled": S(
        "{who} khóa tài khoản[: {reason}]", "{who} disabled an account[: {reason}]", "slash-circle", "bad"
    ),
    "password:changed": S(
        "Mật khẩu được đổi; mọi phiên đăng nhập kết thúc", "A password was changed; every session ended", "shield-check"
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
    "level:added": S("{who} thêm cấp[ {name}]", "{who} added a level[ {name}]", "plus-lg"),
    "area:added": S("{who} thêm địa bàn[ {after_name}]", "{who} added an area[ {after_name}]", "geo-alt"),
    "area:ended": S("{who} kết thúc địa bàn[: {reason}]", "{who} ended an area[: {reason}]", "geo-alt"),
    "organization_type:added": S(
        "{who} thêm loại đơn vị[ {name}]", "{who} added a kind of organization[ {name}]", "plus-lg"
    ),
    "organization:added": S(
        "{who} thêm đơn vị[ {after_name}]", "{who} added an organization[ {after_name}]", "diagram-3"
    ),
    "organization:ended": S(
        "{who} kết thúc đơn vị[: {reason}]", "{who} ended an organization[: {reason}]", "diagram-3"
    ),
    "post:added": S("{who} thêm chức danh[ {after_name}]", "{who} added a post[ {after_name}]", "person-workspace"),
    "post:ended": S("{who} kết thúc chức danh[: {reason}]", "{who} ended a post[: {reason}]", "person-workspace"),
    "holder:added": S("{who} giao chức danh cho một người", "{who} gave a post to a person", "people"),
    "holder:ended": S(
        "{who} kết thúc việc giữ chức danh[: {reason}]", "{who} ended the holding of a post[: {reason}]", "people"
    ),
    "relation:added": S("{who} thêm quan hệ giữa hai đơn vị", "{who} related two organizations", "link-45deg"),
    "relation:ended": S("{who} kết thúc quan hệ[: {reason}]", "{who} ended a relation[: {reason}]", "link-45deg"),
    "lineage:recorded": S(
        "{who} ghi nhận sắp xếp đơn vị[: {document}]", "{who} recorded a reorganization[: {document}]", "diagram-3"
    ),
    "view:saved": S("{who} lưu một danh sách việc", "{who} saved a list", "inbox"),
    "view:removed": S("{who} bỏ một danh sách việc", "{who} removed a list", "inbox"),
    "watch:added": S("{who} theo dõi đặt hàng", "{who} follows the order", "bell"),
    "watch:removed": S("{who} thôi theo dõi đặt hàng", "{who} no longer follows the order", "bell"),
    "access:refused": S(
        "{who} bị từ chối một thao tác[: {reason}]", "{who} was refused an act[: {reason}]", "shield-exclamation", "bad"
    ),
    "calendar:changed": S("{who} sửa lịch làm việc", "{who} changed the calendar", "calendar-check"),
    "setting:changed": S("{who} đổi cài đặt", "{who} changed a setting", "gear"),
    "audit_key:introduced": S(
        "Hệ thống bắt đầu ký nhật ký bằng khóa[ {key}]",
        "The log is signed from now on, by the key[ {key}]",
        "shield-check",
    ),
    "audit_key:rotated": S(
        "{who} thay khóa ký nhật ký[: {reason}]", "{who} changed the key of the log[: {reason}]", "shield-check", "hand"
    ),
    "case_file:opened": S("{who} mở hồ sơ kiểm tra[ «{title}»]", "{who} opened a case file[ «{title}»]", "inbox"),
    "case_file:closed": S(
        "{who} đóng hồ sơ kiểm tra[ «{title}»]", "{who} closed a case file[ «{title}»]", "check-circle-fill", "good"
    ),
    "entry:filed": S(
        "{who} đưa mục {entry} của nhật ký vào hồ sơ kiểm tra",
        "{who} put entry {entry} of the log into a case file",
        "plus-lg",
    ),
    "entry:unfiled": S(
        "{who} đưa mục {entry} ra khỏi hồ sơ kiểm tra", "{who} took entry {entry} out of a case file", "slash-circle"
    ),
    "audit:read": S("{who} đọc nhật ký", "{who} read the log", "file-earmark-text"),
    "text:erased": S(
        "{who} xóa {count} lời ghi trong nhật ký theo luật[: {basis}][, lý do: {reason}]",
        "{who} erased {count} texts of the log under the law[: {basis}][, because: {reason}]",
        "slash-circle",
        "bad",
    ),
    "hold:placed": S(
        "{who} giữ các mục của một đặt hàng, không lưu trữ[, lý do: {reason}]",
        "{who} keeps the entries of an order from being archived[, because: {reason}]",
        "shield-check",
    ),
    "hold:ended": S(
        "{who} thôi giữ các mục của một đặt hàng[, lý do: {reason}]",
        "{who} ended a hold on the entries of an order[, because: {reason}]",
        "shield-check",
    ),
    "archive:made": S(
        "{who} chuyển {count} mục của nhật ký, từ {first} đến {last}, vào bản lưu trữ {name}",
        "{who} let {count} entries of the log, {first} to {last}, leave for the archive {name}",
        "inbox",
    ),
    "archive:opened": S(
        "{who} mở bản lưu trữ {name} để xem lại", "{who} opened the archive {name} for review", "inbox"
    ),
    "archive:closed": S("{who} đóng bản lưu trữ {name}", "{who} ended the review of the archive {name}", "inbox"),
    "audit:exported": S("{who} xuất nhật ký ra tệp", "{who} exported the log", "download"),
    "checkpoint:witnessed": S(
        "{witness} ký chứng kiến điểm kiểm tra của {size} mục đầu",
        "{witness} witnessed the checkpoint of the first {size} entries",
        "shield-check",
        "good",
    ),
    "checkpoint:disputed": S(
        "{witness} thấy một nhật ký khác: hai mã gốc cho cùng {size} mục",
        "{witness} saw another log: two roots for the same {size} entries",
        "shield-exclamation",
        "bad",
    ),
    "demo:built": S("Dữ liệu trình diễn được dựng", "The demo world was built", "gear"),
}
DECISIONS = {
    "accept": ("tiếp nhận", "accepted"),
    "refuse": ("từ chối", "refused"),
    "approve": ("duyệt", "approved"),
    "return": ("trả lại", "returned"),
    "grant": ("đồng ý", "granted"),
    "decline": ("không đồng ý", "declined"),
    "agree": ("thống nhất", "agreed"),
    "disagree": ("không thống nhất", "disagreed"),
    "sign": ("ký", "signed"),
    "dat": ("đạt", "reached"),
    "mot_phan": ("đạt một phần", "partly reached"),
    "khong_dat": ("không đạt", "not reached"),
    "merge": ("gộp", "merged"),
    "keep_plan": ("giữ như kế hoạch", "kept as planned"),
    "change_plan": ("điều chỉnh kế hoạch", "the plan is changed"),
    "disagreed": ("chưa thống nhất", "disagrees"),
    "silent": ("không trả lời", "was silent"),
    "keep_both": ("giữ cả hai", "kept both"),
    "delimit": ("phân định", "delimited"),
    "khong_dat_lam_lai": ("không đạt, làm lại", "not reached, to be redone"),
    "send": ("gửi", "sent"),
    "ok": ("đạt yêu cầu", "in order"),
    "return_localities": ("trả lại địa bàn", "returned to localities"),
    "assign_again": ("giao lại", "assigned again"),
    "leave_out": ("không giao nữa", "left out"),
}
# How an instance, a step or a job stands, where a fact says it changed.
STATES = {
    "running": ("đang chạy", "running"),
    "incident": ("bị kẹt", "stuck"),
    "suspended": ("tạm dừng", "suspended"),
    "cancelled": ("đã hủy", "cancelled"),
    "handed_over": ("đã bàn giao", "handed over"),
    "waiting": ("đang chờ", "waiting"),
    "skipped": ("bỏ qua", "skipped"),
    "failed": ("hỏng", "failed"),
}
_UNKNOWN = Sentence("{who}: {fact}", "{who}: {fact}")
_DAYS = frozenset({"due", "valid_to", "valid_from", "expires"})


class Telling(NamedTuple):
    """A fact as it stands in a timeline."""

    text: str
    icon: str
    style: str


def tell(
    fact: str, facts: Mapping[str, Any], *, who: str | None = None, names: Mapping[str, str] | None = None
) -> Telling:
    """Put one fact into a sentence; `names` gives the names of organizations that stand in the facts by id."""
    sentence = SENTENCES.get(fact, _UNKNOWN)
    values = readable(facts, names or {}) | {"who": who or say("Hệ thống"), "fact": fact}
    text = fill(sentence.vi if language() == "vi" else sentence.en, values)
    return Telling(text[:1].upper() + text[1:], sentence.icon, sentence.style)


def readable(facts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of a fact as people read them, those of before and after by `before_…` and `after_…`."""
    values: dict[str, Any] = {}
    for name, value in facts.items():
        if name in ("before", "after") and isinstance(value, Mapping):
            values |= {f"{name}_{inner}": _readable(inner, one, names) for inner, one in value.items()}
        else:
            values[name] = _readable(name, value, names)
    return values


def spoken(value: Any) -> Any:
    """Return a value of an entry, or words where it was a text that is erased."""
    return say("đã xóa theo luật") if isinstance(value, Erased) else value


def _readable(name: str, value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Erased):
        return spoken(value)
    if isinstance(value, str):
        if name.endswith("state") and value in STATES:
            return STATES[value][0 if language() == "vi" else 1]
        known = names.get(value) or _code(value)
        return known or (_instant(value) if name in _DAYS or name.endswith(("_at", "due")) else value)
    if isinstance(value, list):
        return ", ".join(str(_readable(name, one, names)) for one in value)
    if isinstance(value, bool):
        return say("có") if value else say("không")
    return number(value) if isinstance(value, int) else value


def _code(value: str) -> str | None:
    if value in PROGRESS:
        return say(PROGRESS[value].word)
    if value in DECISIONS:
        return DECISIONS[value][0 if language() == "vi" else 1]
    word = PARTS.get(value) or ROLES.get(value)
    return say(word) if word else None


def _instant(value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return when(at) if at.tzinfo is not None else day(at.date())


def install(environment: Environment) -> None:
    environment.globals["tell"] = tell
