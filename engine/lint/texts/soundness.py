"""What the rules of soundness say to people."""

from typing import Final

from engine.lint.texts.remedies import Texts

TEXTS: Final[dict[str, Texts]] = {
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
}
