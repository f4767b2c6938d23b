"""What the rules of sequence flows, gateways and loops say to people."""

from typing import Final

from engine.lint.texts.remedies import NOTHING_EN, NOTHING_VI, Texts

TEXTS: Final[dict[str, Texts]] = {
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
        NOTHING_VI,
        NOTHING_EN,
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
    "multi-instance-calculated": (
        "“{variable}” được tính khi chạy; ở đây cần tên dữ liệu.",
        "“{variable}” is worked out when it runs; the name of a variable is needed here.",
        "Tính trong một bước kịch bản bên trong hoạt động rồi ghi tên dữ liệu ấy.",
        "Work it out in a script task inside the activity, and name that variable.",
    ),
    "multi-instance-output": (
        "Kết quả của lặp nhiều bản cần cả tên danh sách và tên từng phần.",
        "Collecting answers needs both the name of the list and of its item.",
        "Nhập cả hai tên, hoặc bỏ cả hai.",
        "Enter both names, or neither.",
    ),
    "multi-instance-counter": (
        "Các bản chạy song song cùng đọc “{field}” rồi ghi lại: mỗi bản chỉ thấy dữ liệu của mình, nên chỉ còn thay "
        "đổi của một bản.",
        "Parallel instances read “{field}” and then write it: each sees only its own data, so the change of one of "
        "them would be left.",
        "Chạy tuần tự, hoặc gom kết quả vào danh sách.",
        "Run them one after another, or collect their answers in a list.",
    ),
    "multi-instance-answers-lost": (
        "Câu trả lời của các bản ghi đè lên nhau vì không gom vào danh sách.",
        "The answers of the instances overwrite one another, because no list collects them.",
        "Đặt danh sách kết quả.",
        "Name an output list.",
    ),
}
