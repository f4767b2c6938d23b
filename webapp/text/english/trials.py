"""English of trials and scenarios of designs."""

from webapp.text.language import English

WORDS: dict[str, English] = {
    "Kịch bản": "Scenarios",
    "Máy chạy thật chạy bản vẽ này với dữ liệu thử; không gì được ghi. Địa chỉ trang giữ cả lượt chạy, gửi cho người "
    "khác được.": (
        "The real engine runs this drawing with trial data; nothing is written. The address of the page holds the "
        "whole trial and can be sent to others."
    ),
    "Chạy lại từ đầu": "Begin again",
    "Quy trình {outcome}.": "The process: {outcome}.",
    "Kết thúc ở:": "It ended at:",
    "Đang chờ làm": "Waiting to be done",
    "Dữ liệu của bước": "Data of the step",
    "Hệ thống trả về": "The system answers",
    "Khi chạy thử, lệnh của hệ thống không đọc cơ sở dữ liệu; sửa giá trị để thử trường hợp khác.": (
        "In a trial the system's commands read no database; change the values to try another case."
    ),
    "Chạy riêng bước này": "Try this step alone",
    "Bước này tự qua khi chỉ người đã làm bước «{step}» làm được.": (
        "This step passes by itself where only who did “{step}” could do it."
    ),
    "Bỏ qua như vậy": "Let it pass",
    "Làm xong bước này": "Complete this step",
    "Chờ đến hẹn": "Waits for its time",
    "Cho đến hẹn ngay": "Let the time come now",
    "Chờ tín hiệu": "Waits for the signal",
    "Chờ điều kiện": "Waits for a condition",
    "Dữ liệu kèm theo": "Data that comes with it",
    "Gửi thông điệp này": "Send this message",
    "Phát tín hiệu này": "Send this signal",
    "Việc khác": "Other things",
    "Cho thời gian trôi": "Let time pass",
    "Cho trôi": "Let it pass",
    "Gửi thông điệp hoặc tín hiệu khác": "Send another message or signal",
    "Phát tín hiệu": "Send the signal",
    "Sơ đồ cần JavaScript; nội dung tương đương ở các bước đã chạy.": (
        "The diagram needs JavaScript; the steps that were run say the same."
    ),
    "Lượt chạy": "The trial",
    "Các bước đã chạy": "Steps that were run",
    "Bắt đầu chạy thử": "The trial begins",
    "Dữ liệu thay đổi:": "Data changed:",
    "Dữ liệu không đổi": "Data unchanged",
    "Quay lại sau bước này": "Back to after this step",
    "Bắt đầu thế nào": "How it begins",
    "Chạy quy trình này": "Run this process",
    "Dữ liệu ban đầu": "Data at the beginning",
    "Viết bằng JSON": "Write it as JSON",
    "Thêm dòng": "Add a row",
    "Có": "Yes",
    "Không": "No",
    "Tên trường": "Name of the field",
    "Giá trị": "Value",
    "Kiểu": "Kind",
    "Chữ": "Text",
    "Số": "Number",
    "Bắt đầu lại với dữ liệu này": "Begin again with this data",
    "Lưu thành kịch bản": "Save as a scenario",
    "Tên kịch bản": "Name of the scenario",
    "Làm bước đang chờ dưới đây; các bước còn lại sẽ chạy tiếp.": (
        "Do the step that waits below; the steps that are left then go on."
    ),
    "Trùng tên thì thay kịch bản cũ.": "One of the same name is replaced.",
    "Kịch bản mong đợi đúng điều lượt chạy này đạt tới; lần sau khác đi thì báo không đạt.": (
        "The scenario expects what this trial reached; a later run that differs does not hold."
    ),
    "Lưu kịch bản": "Save the scenario",
    "{n} giờ": ("one hour", "{n} hours"),
    "{n} ngày": ("one day", "{n} days"),
    "Mỗi kịch bản là một lượt chạy lưu cùng quy trình, chạy lại mỗi khi mở trang này.": (
        "Each scenario is a run kept with the process, and run anew whenever this page is opened."
    ),
    "Đạt": "Holds",
    "Không đạt": "Does not hold",
    "Xem từng bước": "See it step by step",
    "Sửa nội dung": "Edit the text",
    "Xem nội dung": "See the text",
    "Nội dung (JSON)": "Text (JSON)",
    "Xóa kịch bản": "Remove the scenario",
    "Chưa có kịch bản nào. Chạy thử rồi lưu lượt chạy thành kịch bản.": (
        "There are no scenarios yet. Try the design and save the trial as one."
    ),
    "Đã đi qua trên sơ đồ": "Reached, on the diagram",
    "Sơ đồ cần JavaScript; phần chưa đi qua liệt kê bên cạnh.": (
        "The diagram needs JavaScript; what was not reached is listed beside it."
    ),
    "Độ phủ": "Coverage",
    "Phần tử đã đi qua": "Elements reached",
    "Đường nối đã đi qua": "Flows taken",
    "Đường nối chưa đi qua": "Flows not taken",
    "Tạo từ một quy trình đã xong": "Make one from a finished process",
    "Quy trình đã xong": "Finished process",
    "Số liệu và lựa chọn được giữ; lời viết thành «…», tên đơn vị thành đơn vị thử.": (
        "Figures and choices are kept; written words become “…”, organizations sample ones."
    ),
    "Tạo kịch bản": "Make the scenario",
    "Đã lưu kịch bản «{name}».": "The scenario “{name}” was saved.",
    "Đã lưu kịch bản.": "The scenario was saved.",
    "Đã xóa kịch bản.": "The scenario was removed.",
    "Đã tạo kịch bản «{name}»; xem lại rồi hãy dựa vào.": (
        "The scenario “{name}” was made; look at it before you rely on it."
    ),
    "Chạy thử một phần tử": "Try one element",
    "Chạy riêng phần tử này với dữ liệu cho trước; không gì được ghi.": (
        "This element alone, with given data; nothing is written."
    ),
    "Kết quả": "Result",
    "Không qua được: {why}": "It cannot go on: {why}",
    "Phần tử {outcome}.": "The element: {outcome}.",
    "Đi tiếp đến:": "It goes on to:",
    "Thay đổi": "Change",
    "Không có dữ liệu nào.": "There is no data.",
    "Dữ liệu trước bước": "Data before the step",
    "Chạy thử riêng": "Try it alone",
    "Ai sẽ nhận?": "Who would get it?",
    "Ai sẽ nhận «{step}»?": "Who would get «{step}»?",
    "Bước này giao theo vai trò: {role}.": "This step goes by role: {role}.",
    "Bước này giao cho người khởi tạo quy trình.": "This step goes to who started the process.",
    "Hệ thống tìm người nhận như khi chạy thật; không gì được ghi.": (
        "The system looks for them as it does in earnest; nothing is written."
    ),
    "Xem trên quy trình đang chạy": "On which running process",
    "Xem ai nhận": "See who gets it",
    "Người sẽ nhận": "Who would get it",
    "vai trò": "role",
    "Tùy tổ chức được gửi tới: chỉ biết khi quy trình đi tới bước này.": (
        "It depends on the organization that is addressed: known only when the process comes to this step."
    ),
    "Không ai giữ vai trò này ở đó: quy trình sẽ dừng thành sự cố, không giao cho người khác.": (
        "Nobody holds this role there: the process would stop with an incident and go to nobody else."
    ),
    "Chưa có quy trình nào đang chạy mà quý vị được xem; hãy chạy thử bản thiết kế.": (
        "No running process that you may see; please try the design instead."
    ),
    "Phần tử loại này không chạy riêng được; hãy chạy thử cả quy trình.": (
        "An element of this kind cannot be tried alone; try the whole process."
    ),
}
