"""What each rule says to people: what is wrong and what to do, in Vietnamese and English."""

from typing import Any, Final

from engine.lint.standard_texts import TEXTS as STANDARD

Texts = tuple[str, str, str, str]  # message vi, message en, remedy vi, remedy en

_REMOVE_VI, _REMOVE_EN = (
    "Bỏ phần tử này hoặc vẽ lại bằng các phần tử được hỗ trợ.",
    "Remove it, or draw it with supported elements.",
)
_FIX_VI, _FIX_EN = (
    "Mở tệp trong trình thiết kế, sửa rồi lưu lại.",
    "Open the file in the designer, correct it and save again.",
)
_NOTHING_VI, _NOTHING_EN = "Không cần làm gì.", "Nothing to do."

TEXTS: Final[dict[str, Texts]] = {
    # the file
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
        _FIX_VI,
        _FIX_EN,
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
    # elements
    "element-unsupported": (
        "Phần tử “{tag}” chưa được hỗ trợ.",
        "The element “{tag}” is not supported.",
        _REMOVE_VI,
        _REMOVE_EN,
    ),
    "foreign-element": (
        "Phần tử “{tag}” không thuộc BPMN; nó bị bỏ qua.",
        "The element “{tag}” is not BPMN; it is ignored.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "data-is-documentation": (
        "Đối tượng dữ liệu chỉ là chú thích trên sơ đồ, không ảnh hưởng đến việc chạy.",
        "Data objects are documentation here and do not affect execution.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "id-twice": (
        "Mã của “{element}” đã được dùng ở dòng {first}.",
        "The id of “{element}” is already used in line {first}.",
        "Đặt mã khác cho phần tử này.",
        "Give this element another id.",
    ),
    "id-missing": (
        "Phần tử chưa có mã; hệ thống đã tự đặt.",
        "The element had no id; one was given.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "id-unclear": (
        "Mã phần tử có ký tự không dùng được.",
        "The id contains characters that cannot be used.",
        "Chỉ dùng chữ, số, gạch dưới, gạch nối và dấu chấm.",
        "Use letters, digits, underscore, hyphen and full stop only.",
    ),
    "too-many-nodes": (
        "Quy trình có {count} phần tử, nhiều hơn {limit}.",
        "The process has {count} nodes, more than {limit}.",
        "Tách một phần thành quy trình được gọi.",
        "Move a part into a called process.",
    ),
    "too-many-flows": (
        "Quy trình có hơn {limit} đường nối.",
        "The process has more than {limit} flows.",
        "Tách một phần thành quy trình được gọi.",
        "Move a part into a called process.",
    ),
    "instantiating-unsupported": (
        "Cổng sự kiện này tạo quy trình mới hoặc chờ song song; chưa được hỗ trợ.",
        "An instantiating or parallel event gateway is not supported.",
        "Dùng sự kiện bắt đầu có thông điệp.",
        "Use message start events.",
    ),
    "reference-unresolved": (
        "Tham chiếu “{ref}” không trỏ tới phần tử nào.",
        "The reference “{ref}” points to nothing.",
        "Chọn lại thông điệp, tín hiệu hoặc mã lỗi.",
        "Choose the message, signal or error again.",
    ),
    "message-unnamed": (
        "Sự kiện chưa chọn thông điệp; tên “{message}” được dùng thay.",
        "The event names no message; “{message}” is used instead.",
        "Chọn thông điệp cho sự kiện.",
        "Choose a message for the event.",
    ),
    "name-missing": (
        "Bước này chưa có tên; người dùng sẽ thấy mã của nó.",
        "This step has no name; people will see its id.",
        "Đặt tên cho bước.",
        "Name the step.",
    ),
    # events
    "event-multiple": (
        "Một sự kiện không thể chờ hay phát nhiều thứ cùng lúc.",
        "One event cannot wait for or throw several things.",
        "Tách thành nhiều sự kiện.",
        "Split it into several events.",
    ),
    "event-definition-inlined": (
        "Định nghĩa sự kiện dùng chung “{ref}” đã được chép vào.",
        "The shared event definition “{ref}” was copied in.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "event-unsupported": (
        "Loại sự kiện “{kind}” không dùng được ở đây.",
        "An event of kind “{kind}” cannot be used here.",
        "Chọn loại sự kiện khác.",
        "Choose another kind of event.",
    ),
    "event-empty": (
        "Sự kiện này chưa chờ gì: thông điệp, tín hiệu hay thời gian.",
        "This event waits for nothing.",
        "Chọn thông điệp, tín hiệu hoặc thời gian.",
        "Choose a message, a signal or a time.",
    ),
    "boundary-loose": (
        "Sự kiện biên không gắn với công việc nào cùng tầng.",
        "The boundary event is not attached to an activity of its level.",
        "Kéo sự kiện vào cạnh của công việc.",
        "Drag the event onto the border of an activity.",
    ),
    "error-always-interrupts": (
        "Lỗi luôn dừng công việc, dù sơ đồ vẽ nét đứt.",
        "An error always interrupts its activity.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "start-missing": (
        "Không tìm được điểm bắt đầu.",
        "There is no place to begin.",
        "Thêm sự kiện bắt đầu.",
        "Add a start event.",
    ),
    "start-implied": (
        "Chưa vẽ sự kiện bắt đầu; hệ thống tự thêm.",
        "No start event is drawn; one was added.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "start-several": (
        "Có nhiều sự kiện bắt đầu giống nhau.",
        "There are several equal start events.",
        "Chỉ giữ một, hoặc đặt thông điệp khác nhau.",
        "Keep one, or give them different messages.",
    ),
    "start-in-subprocess": (
        "Quy trình con chỉ bắt đầu bằng sự kiện thường.",
        "A sub-process begins with a plain start event only.",
        "Đổi sang sự kiện bắt đầu thường.",
        "Change it to a plain start event.",
    ),
    "start-message-twice": (
        "Thông điệp “{message}” đã mở đầu quy trình “{other}”.",
        "Message “{message}” already starts the process “{other}”.",
        "Dùng thông điệp khác.",
        "Use another message.",
    ),
    "end-implied": (
        "Nhánh này chưa có sự kiện kết thúc; hệ thống tự thêm.",
        "This branch has no end event; one was added.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "link-rewritten": (
        "Liên kết “{link}” được nối thành một đường.",
        "The link “{link}” was joined into a flow.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "link-open": (
        "Liên kết “{link}” không có đầu kia.",
        "The link “{link}” has no other end.",
        "Vẽ cả hai đầu với cùng một tên.",
        "Draw both ends with the same name.",
    ),
    "link-twice": (
        "Liên kết “{link}” có hai đầu nhận.",
        "The link “{link}” has two targets.",
        "Chỉ giữ một đầu nhận.",
        "Keep one target.",
    ),
    # timers
    "timer-empty": (
        "Chưa đặt thời gian.",
        "The timer has no time.",
        "Nhập thời hạn, ví dụ P5D, hoặc số ngày làm việc.",
        "Enter a duration such as P5D, or a number of working days.",
    ),
    "timer-unclear": (
        "Không hiểu thời gian “{text}”.",
        "The time “{text}” is not understood.",
        "Viết theo ISO 8601: PT4H, P5D, R3/P7D hoặc 2026-11-30T08:00+07:00.",
        "Write ISO 8601: PT4H, P5D, R3/P7D or 2026-11-30T08:00+07:00.",
    ),
    "timer-without-offset": (
        "Thời điểm “{text}” không có múi giờ.",
        "The instant “{text}” has no offset from UTC.",
        "Thêm +07:00.",
        "Add +07:00.",
    ),
    "working-days-unclear": (
        "Số ngày làm việc “{text}” không hợp lệ.",
        "The number of working days “{text}” is not valid.",
        "Nhập một số nguyên từ 1 đến 999.",
        "Enter a whole number from 1 to 999.",
    ),
    # flows and gateways
    "flow-dangling": (
        "Đường nối thiếu đầu hoặc cuối (“{missing}” không có).",
        "The flow leads to or from nothing (“{missing}” does not exist).",
        "Vẽ lại đường nối.",
        "Draw the flow again.",
    ),
    "flow-crosses-border": (
        "Đường nối đi xuyên qua biên quy trình con.",
        "The flow crosses the border of a sub-process.",
        "Nối vào chính quy trình con.",
        "Connect it to the sub-process itself.",
    ),
    "flow-direction": (
        "Đường nối đi vào sự kiện bắt đầu hoặc đi ra từ sự kiện kết thúc.",
        "The flow enters a start event or leaves an end event.",
        "Đổi chiều hoặc bỏ đường nối.",
        "Turn the flow round, or remove it.",
    ),
    "flow-twice": (
        "Có hai đường nối cùng đi từ “{source}” tới “{target}”.",
        "Two flows lead from “{source}” to “{target}”.",
        "Chỉ giữ một đường.",
        "Keep one of them.",
    ),
    "unreachable": (
        "Không có đường nào dẫn tới “{element}”: bước này không bao giờ chạy.",
        "No flow leads to “{element}”: it would never run.",
        "Nối vào sơ đồ hoặc bỏ đi.",
        "Connect it, or remove it.",
    ),
    "split-rewritten": (
        "Có {flows} đường đi ra từ một bước; được hiểu như một cổng rẽ nhánh.",
        "{flows} flows leave one step; they are read as a gateway.",
        "Nên vẽ cổng rẽ nhánh cho rõ.",
        "Better draw the gateway.",
    ),
    "gateway-without-exit": (
        "Cổng không có đường ra.",
        "The gateway has no way out.",
        "Vẽ đường ra.",
        "Draw a flow that leaves it.",
    ),
    "condition-missing": (
        "Đường nối từ cổng “{gateway}” chưa có điều kiện.",
        "A flow that leaves the gateway “{gateway}” has no condition.",
        "Nhập điều kiện, hoặc đặt làm đường mặc định.",
        "Enter a condition, or make it the default flow.",
    ),
    "condition-ignored": (
        "Điều kiện ở đây không có tác dụng: cổng “{gateway}” không chọn đường.",
        "The condition has no effect: the gateway “{gateway}” does not choose.",
        "Xóa điều kiện, hoặc đổi loại cổng.",
        "Remove the condition, or change the gateway.",
    ),
    "condition-twice": (
        "Điều kiện “{expression}” lặp lại; đường vẽ trước được đi.",
        "The condition “{expression}” is repeated; the first flow wins.",
        "Sửa một trong hai điều kiện.",
        "Change one of them.",
    ),
    "default-missing": (
        "Cổng chưa có đường mặc định: nếu không điều kiện nào đúng, quy trình sẽ dừng.",
        "The gateway has no default flow: the process stops when no condition holds.",
        "Chọn một đường làm mặc định.",
        "Make one flow the default.",
    ),
    "default-implied": (
        "Đường không có điều kiện được hiểu là đường mặc định.",
        "The flow without a condition is read as the default.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "default-with-condition": (
        "Đường mặc định có điều kiện; điều kiện đó không được xét.",
        "The default flow has a condition, which is not asked.",
        "Xóa điều kiện.",
        "Remove the condition.",
    ),
    "default-elsewhere": (
        "Đường mặc định “{flow}” không đi ra từ cổng này.",
        "The default flow “{flow}” does not leave this gateway.",
        "Chọn lại đường mặc định.",
        "Choose the default flow again.",
    ),
    "inclusive-in-loop": (
        "Cổng bao hàm nằm trong một vòng lặp; không thể biết khi nào đủ nhánh.",
        "An inclusive gateway that joins inside a loop cannot know when all branches are there.",
        "Dùng cổng song song hoặc cổng loại trừ.",
        "Use a parallel or an exclusive gateway.",
    ),
    "event-gateway-target": (
        "Sau cổng sự kiện “{gateway}” chỉ được là sự kiện chờ thông điệp, tín hiệu hoặc thời gian.",
        "Only events that wait for a message, signal or time may follow the event gateway “{gateway}”.",
        "Đặt sự kiện chờ ngay sau cổng.",
        "Put a catch event directly after the gateway.",
    ),
    "same-field-in-parallel": (
        "Bước này và “{other}” chạy song song và cùng trả lời trường “{field}”; nếu khác nhau quy trình sẽ dừng.",
        "This step and “{other}” run in parallel and both answer “{field}”; if they differ the process stops.",
        "Đặt tên trường khác nhau.",
        "Give the fields different names.",
    ),
    # expressions
    "expression-unreadable": (
        "Không đọc được biểu thức “{expression}”: {why}",
        "The expression “{expression}” cannot be read: {why}",
        "Sửa biểu thức, ví dụ: decision == 'accept'.",
        "Correct the expression, for example: decision == 'accept'.",
    ),
    "script-unreadable": (
        "Không đọc được kịch bản: {why}",
        "The script cannot be read: {why}",
        "Sửa kịch bản.",
        "Correct the script.",
    ),
    # loops
    "loop-endless": (
        "Vòng lặp không có điều kiện cũng không có số lần tối đa.",
        "The loop has neither a condition nor a maximum.",
        "Nhập điều kiện lặp.",
        "Enter a loop condition.",
    ),
    "multi-instance-behavior": (
        "Thuộc tính behavior=“{behavior}” của lặp nhiều bản không rõ hoặc thiếu sự kiện.",
        "The multi-instance behavior “{behavior}” is unclear, or names no event definition.",
        "Dùng All, One hoặc None cùng một sự kiện; hoặc dùng điều kiện hoàn thành.",
        "Use All, One or None with an event definition, or a completion condition.",
    ),
    "multi-instance-source": (
        "Lặp nhiều bản cần đúng một nguồn: số bản, hoặc danh sách.",
        "A multi-instance needs a cardinality or a collection, not both.",
        "Nhập số bản hoặc tên danh sách.",
        "Enter one of them.",
    ),
    "multi-instance-name": (
        "Tên “{variable}” không dùng được làm tên dữ liệu.",
        "“{variable}” cannot be the name of a variable.",
        "Dùng chữ thường không dấu và gạch dưới.",
        "Use lower-case letters and underscores.",
    ),
    "multi-instance-output": (
        "Kết quả của lặp nhiều bản cần cả tên danh sách và tên từng phần.",
        "Collecting answers needs both the name of the list and of its item.",
        "Nhập cả hai tên, hoặc bỏ cả hai.",
        "Enter both names, or neither.",
    ),
    "multi-instance-answers-lost": (
        "Câu trả lời của các bản ghi đè lên nhau vì không gom vào danh sách.",
        "The answers of the instances overwrite one another, because no list collects them.",
        "Đặt danh sách kết quả.",
        "Name an output list.",
    ),
    # work and our extensions
    "role-missing": (
        "Bước và làn đều chưa gắn vai trò: người bắt đầu quy trình sẽ làm bước này.",
        "Neither the step nor its lane has a role: whoever starts the process will do it.",
        "Gắn vai trò (lt:role) cho làn hoặc cho bước.",
        "Give the lane or the step a role (lt:role).",
    ),
    "form-missing": (
        "Không có biểu mẫu “{form}” trong bộ tệp.",
        "The form “{form}” is not among the files.",
        "Thêm tệp {form}.form.json.",
        "Add the file {form}.form.json.",
    ),
    "operator-missing": (
        "Bước tự động này chưa có lệnh; khi chạy sẽ có người xác nhận đã làm.",
        "This automatic step has no command; a person will confirm that it is done.",
        "Chọn lệnh (lt:operator), hoặc đổi thành bước do người làm.",
        "Choose a command (lt:operator), or make it a user task.",
    ),
    "operator-name": (
        "Tên lệnh “{operator}” không đúng dạng danh_từ.động_từ.",
        "The command “{operator}” is not written as noun.verb.",
        "Viết ví dụ orders.check_overlap.",
        "Write for example orders.check_overlap.",
    ),
    "task-abstract": (
        "Bước chưa nói rõ loại; người phụ trách sẽ xác nhận đã làm.",
        "The task has no kind; somebody will confirm that it is done.",
        _NOTHING_VI,
        _NOTHING_EN,
    ),
    "task-unknown": (
        "{attribute} nhắc tới bước “{task}” không có trong quy trình.",
        "{attribute} names the task “{task}”, which is not in the process.",
        "Chọn lại bước.",
        "Choose the task again.",
    ),
    "value-unknown": (
        "{attribute}=“{value}” không hợp lệ; được dùng: {allowed}.",
        "{attribute}=“{value}” is not valid; allowed: {allowed}.",
        "Chọn một giá trị được dùng.",
        "Choose an allowed value.",
    ),
    "extension-unknown": (
        "Thuộc tính lt:{attribute} không có tác dụng.",
        "The attribute lt:{attribute} has no effect.",
        "Sửa tên thuộc tính, hoặc bỏ đi.",
        "Correct its name, or remove it.",
    ),
    "collect-without-cutoff": (
        "Chờ tổng hợp mà không có hạn chốt: một đơn vị im lặng sẽ giữ cả quy trình.",
        "Waiting for all without a cut-off: one silent unit would hold the process.",
        "Đặt lt:cutoff hoặc lt:cutoffWorkingDays.",
        "Set lt:cutoff or lt:cutoffWorkingDays.",
    ),
    "called-missing": (
        "Quy trình được gọi “{called}” không có trong bộ tệp.",
        "The called process “{called}” is not among the files.",
        "Thêm tệp của quy trình đó.",
        "Add its file.",
    ),
    "called-in-a-circle": (
        "Quy trình gọi lại chính nó.",
        "The process calls itself.",
        "Bỏ vòng gọi.",
        "Break the circle of calls.",
    ),
    "process-twice": (
        "Mã quy trình “{element}” đã có trong tệp {first}.",
        "The process id “{element}” is already used in {first}.",
        "Đặt mã khác.",
        "Give it another id.",
    ),
    "not-executable": (
        "Quy trình này là bản nháp: chưa đánh dấu “chạy được”.",
        "This process is a draft: it is not marked executable.",
        "Đánh dấu “chạy được” nếu muốn dùng.",
        "Mark it executable if it is to run.",
    ),
    # soundness
    "join-never": (
        "“{element}” chờ {flows} nhánh nhưng không bao giờ có đủ: quy trình sẽ đứng mãi ở đây.",
        "“{element}” waits for {flows} branches that never all arrive: the process would stand here for ever.",
        "Trước đó chỉ chọn một nhánh thì gộp bằng cổng loại trừ; muốn chạy mọi nhánh thì tách bằng cổng song song.",
        "Merge with an exclusive gateway if one branch is chosen before it; split in parallel if all are to run.",
    ),
    "join-may-wait": (
        "“{element}” chờ {flows} nhánh nhưng có thể chờ mãi: có cách chạy mà một nhánh không bao giờ tới.",
        "“{element}” waits for {flows} branches and may wait for ever: in some runs one of them never arrives.",
        "Tách và gộp bằng cùng một loại cổng; nhánh bị ngắt hoặc kết thúc riêng cũng phải dẫn tới cổng gộp.",
        "Split and merge with the same kind of gateway; a branch cut off or ended on its own must lead here as well.",
    ),
    "dead-node": (
        "Có đường vẽ tới “{element}” nhưng không lượt chạy nào tới được.",
        "Flows lead to “{element}”, but no run ever gets there.",
        "Xem lại bước ngay trước: nó không bao giờ hoàn thành bình thường.",
        "Look at the step just before it, which never completes normally.",
    ),
    "loop-without-exit": (
        "Vòng lặp qua “{element}” ({nodes} phần tử) không có lối ra: quy trình không bao giờ kết thúc.",
        "The loop through “{element}” ({nodes} elements) has no way out: the process would never end.",
        "Thêm cổng loại trừ trong vòng lặp với một đường dẫn tới kết thúc.",
        "Put an exclusive gateway into the loop, with a flow that leads to an end.",
    ),
    "tokens-multiply": (
        "“{element}” mỗi vòng lặp lại mở thêm một lượt chạy song song: số lượt tăng mãi, không có giới hạn.",
        "“{element}” begins one more parallel run with every round of its loop, without a limit.",
        "Gộp các nhánh bằng cổng song song trước khi quay lại đầu vòng lặp.",
        "Join the branches with a parallel gateway before they go back to the beginning of the loop.",
    ),
    # diagrams drawn with other tools
    "foreign-kept": (
        "Giữ nguyên nhưng không chạy: {what}.",
        "Kept as drawn, but not executed: {what}.",
        "Nếu bước này cần đến, hãy đặt lại bằng thuộc tính của hệ thống.",
        "Where the step needs it, set it again with our own properties.",
    ),
    "foreign-script": (
        "Kịch bản viết bằng “{language}” không bao giờ được chạy; một người sẽ xác nhận đã làm.",
        "The script in “{language}” is never run; a person confirms the step.",
        "Viết lại bằng Python, hoặc đổi thành bước do người làm.",
        "Write it again in Python, or make it a user task.",
    ),
    "shell-refused": (
        "Bước này chạy lệnh của hệ điều hành; hệ thống không nhận.",
        "This step runs a command of the operating system, which is not accepted.",
        "Đổi thành bước do người làm, hoặc chọn lệnh (lt:operator).",
        "Make it a user task, or choose a command (lt:operator).",
    ),
    "skip-ignored": (
        "Điều kiện bỏ qua (skipExpression) không có tác dụng: bước này luôn chạy.",
        "The skip expression has no effect: the step is always done.",
        "Vẽ một cổng rẽ nhánh đi vòng qua bước này.",
        "Draw a gateway with a way round the step.",
    ),
    "assignment-proposed": (
        "Sơ đồ giao bước này cho {who}; hệ thống chưa biết đó là ai.",
        "The diagram gives this step to {who}; nobody here is known by that name.",
        "Gắn vai trò (lt:role) cho bước hoặc cho làn; nếu không, người bắt đầu quy trình sẽ làm.",
        "Give the step or its lane a role (lt:role); otherwise whoever starts the process will do it.",
    ),
    "condition-translated": (
        "Biểu thức “{from}” được hiểu là “{to}”.",
        "The expression “{from}” is read as “{to}”.",
        "Xem lại cho chắc.",
        "Check that it means the same.",
    ),
    "condition-untranslated": (
        "Không dịch được biểu thức “{from}” ({language}); nó không bao giờ được chạy, một người sẽ quyết định.",
        "The expression “{from}” ({language}) cannot be translated; it is never run, a person decides.",
        "Viết lại, ví dụ: decision == 'accept'.",
        "Write it again, for example: decision == 'accept'.",
    ),
    "collection-translated": (
        "Danh sách “{from}” được hiểu là “{to}”.",
        "The collection “{from}” is read as “{to}”.",
        "Xem lại cho chắc.",
        "Check that it means the same.",
    ),
    # decision tables
    "not-dmn": (
        "Tệp không phải là bảng quyết định DMN.",
        "The file is not a DMN table.",
        _FIX_VI,
        _FIX_EN,
    ),
    "decision-missing": (
        "Bảng quyết định “{decision}” không có trong bộ tệp.",
        "The decision “{decision}” is not among the files.",
        "Thêm tệp .dmn, hoặc chọn lại.",
        "Add the .dmn file, or choose again.",
    ),
    "decision-twice": (
        "Bảng quyết định “{decision}” xuất hiện hai lần.",
        "The decision “{decision}” is there twice.",
        "Đặt mã khác.",
        "Give one another id.",
    ),
    "decision-unnamed": ("Bảng quyết định chưa có mã.", "The decision has no id.", "Đặt mã.", "Give it an id."),
    "decision-without-table": (
        "Quyết định không có bảng.",
        "The decision has no table.",
        "Dùng bảng quyết định.",
        "Use a decision table.",
    ),
    "decision-output-name": (
        "Tên cột kết quả “{output}” không dùng được.",
        "The output column “{output}” cannot be used as a name.",
        "Dùng chữ thường không dấu và gạch dưới.",
        "Use lower-case letters and underscores.",
    ),
    "decision-row-width": (
        "Dòng {row} của bảng thiếu hoặc thừa ô.",
        "Row {row} of the table has too few or too many cells.",
        _FIX_VI,
        _FIX_EN,
    ),
    "decision-too-large": (
        "Bảng có {count} dòng, quá nhiều.",
        "The table has {count} rows, too many.",
        "Tách bảng.",
        "Split the table.",
    ),
    "hit-policy": (
        "Quy tắc chọn “{policy}” chưa được hỗ trợ.",
        "The hit policy “{policy}” is not supported.",
        "Dùng UNIQUE, FIRST hoặc COLLECT.",
        "Use UNIQUE, FIRST or COLLECT.",
    ),
}


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "-"


def said(rule: str, facts: dict[str, Any]) -> Texts:
    """Return the four sentences of a rule, with its facts filled in."""
    given = _Facts({key: str(value)[:300] for key, value in facts.items()})
    vi, en, remedy_vi, remedy_en = {**TEXTS, **STANDARD}.get(rule, (rule, rule, _FIX_VI, _FIX_EN))
    return vi.format_map(given), en.format_map(given), remedy_vi.format_map(given), remedy_en.format_map(given)
