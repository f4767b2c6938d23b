"""Refusals of a migration: why an instance cannot go on under another version, or a plan cannot be used."""

from webapp.text.refusals.refusal import R, Refusal

REFUSALS: dict[str, Refusal] = {
    "migration_no_target": R(
        "Chỗ đang đứng không có trong phiên bản mới",
        "Quy trình đang ở «{name}», phần tử này chưa có phần tử thay thế. Chọn phần tử thay thế, hoặc chờ quy trình "
        "đi qua.",
        "Where it stands is not in the new version",
        "The process is at «{name}», and nothing takes its place. Choose what does, or wait until the process is past.",
    ),
    "migration_other_kind": R(
        "Phần tử thay thế thuộc loại khác",
        "«{name}» được thay bằng phần tử loại khác nên việc đang chờ không đặt vào đó được.",
        "What takes its place is of another kind",
        "«{name}» is replaced by something of another kind, where what waits cannot wait.",
    ),
    "migration_other_place": R(
        "Phần tử thay thế nằm ở chỗ khác",
        "Phần tử thay «{name}» nằm trong tiến trình con khác, hoặc gắn với bước khác.",
        "What takes its place lies elsewhere",
        "What replaces «{name}» lies in another sub-process, or is attached to another step.",
    ),
    "migration_other_repetition": R(
        "Phần tử thay thế lặp theo cách khác",
        "«{name}» và phần tử thay thế không lặp như nhau nên các lần đang làm không tiếp tục được.",
        "What takes its place repeats otherwise",
        "«{name}» and what replaces it do not repeat alike, so that the rounds under way cannot go on.",
    ),
    "migration_other_join": R(
        "Chỗ gộp nhánh không khớp",
        "Các nhánh đang chờ ở «{name}» không khớp với các nhánh vào của phiên bản mới.",
        "The join does not match",
        "The branches that wait at «{name}» do not match those that lead there in the new version.",
    ),
    "migration_never_joins": R(
        "Quy trình sẽ chờ mãi",
        "Từ chỗ đang đứng, phiên bản mới sẽ chờ mãi ở «{target}»: một nhánh phải tới đó chưa từng bắt đầu.",
        "The process would wait for ever",
        "From where it stands it would wait at «{target}» for ever: a branch that has to come there never began.",
    ),
    "migration_not_undoable": R(
        "Việc đã xong sẽ không hoàn lại được nữa",
        "«{name}» đã xong và còn có thể phải hoàn lại; phiên bản mới không có cách hoàn lại tương ứng.",
        "What was done could not be undone any more",
        "«{name}» is done and may yet have to be undone; the new version does not say how.",
    ),
    "migration_gets_stuck": R(
        "Không tính được hẹn giờ mới",
        "Phiên bản mới thêm một hẹn giờ không tính được từ dữ liệu hiện có[ ở «{element}»][: {why}].",
        "A new timer cannot be computed",
        "The new version has a timer that the data do not give[ at «{element}»][: {why}].",
    ),
    "migration_loses_input": R(
        "Đầu vào đang giữ sẽ mất chỗ",
        "Quy trình bị kẹt với một đầu vào của «{name}», phần tử không có trong phiên bản mới. Gỡ sự cố trước.",
        "What is kept would lose its place",
        "The process is stuck with an input of «{name}», which the new version does not have. Mend the incident first.",
    ),
    "migration_no_start": R(
        "Phiên bản mới không bắt đầu như vậy",
        "Quy trình bị kẹt ngay khi bắt đầu bằng thông điệp «{message}»; phiên bản mới không nhận thông điệp này.",
        "The new version does not begin like this",
        "The process got stuck when «{message}» began it; the new version does not begin by that message.",
    ),
    "migration_nobody": R(
        "Không ai giữ vai trò mới",
        "Ở phiên bản mới, «{name}» cần vai trò «{role}» mà không ai ở đơn vị này giữ.",
        "Nobody has the new role",
        "In the new version «{name}» needs the role «{role}», which nobody has here.",
    ),
    "migration_other_process": R(
        "Hai phiên bản không cùng quy trình",
        "Chỉ chuyển được giữa hai phiên bản khác nhau của cùng một quy trình.",
        "Not two versions of one process",
        "Only from one version of a process to another version of it.",
    ),
    "migration_to_draft": R(
        "Bản nháp chưa dùng được",
        "Không chuyển quy trình đang chạy sang bản nháp.",
        "A draft is not in use",
        "What runs cannot go on under a draft.",
    ),
    "migration_other_version": R(
        "Quy trình không còn ở phiên bản cũ",
        "Quy trình này đang chạy phiên bản {version}, có thể đã được chuyển rồi.",
        "The process is not under the old version any more",
        "This process runs version {version}; perhaps it has migrated already.",
    ),
    "mapping_wrong": R(
        "Bảng thay thế chưa đúng",
        "Có phần tử không tồn tại, hoặc một phần tử thay cho hai phần tử cũ; chưa có gì thay đổi.",
        "The mapping is wrong",
        "It names an element that is not there, or one twice; nothing was changed.",
    ),
}
