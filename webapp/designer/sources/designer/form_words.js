// The form editor's own texts cannot be translated by its settings: what it shows is put into Vietnamese as it appears.
const WORDS = {
  "Components": "Thành phần", "Search components": "Tìm thành phần", "No components found.": "Không có thành phần nào.",
  "Input": "Nhập", "Selection": "Chọn", "Presentation": "Trình bày", "Containers": "Khung", "Action": "Lệnh",
  "Text field": "Một dòng chữ", "Text area": "Nhiều dòng chữ", "Number": "Số", "Date time": "Ngày, giờ", "Checkbox": "Ô đánh dấu",
  "Checkbox group": "Chọn nhiều", "Radio group": "Chọn một", "Select": "Danh sách chọn", "Text view": "Đoạn chữ", "Separator": "Đường kẻ",
  "Group": "Nhóm", "Dynamic list": "Bảng nhiều dòng", "File picker": "Tệp", "Form": "Biểu mẫu", "FORM": "Biểu mẫu",
  "General": "Chung", "Field label": "Tên ô", "Field description": "Lời giải thích", "Key": "Mã", "Default value": "Giá trị có sẵn",
  "Disabled": "Khóa", "Read only": "Chỉ đọc", "Condition": "Điều kiện hiện", "Hide if": "Ẩn khi", "Layout": "Bố cục", "Columns": "Cột", "Auto": "Tự động",
  "Appearance": "Hình thức", "Validation": "Kiểm tra", "Required": "Bắt buộc", "Minimum": "Nhỏ nhất", "Maximum": "Lớn nhất",
  "Minimum length": "Ngắn nhất", "Maximum length": "Dài nhất", "Regular expression validation": "Theo mẫu", "Validation pattern": "Theo mẫu", "Custom properties": "Thuộc tính riêng",
  "Options source": "Nguồn lựa chọn", "Static options": "Lựa chọn cố định", "Static": "Cố định", "Input data": "Từ dữ liệu", "Label": "Tên", "Value": "Giá trị", "Type": "Loại",
  "Prefix": "Chữ phía trước", "Suffix": "Chữ phía sau", "Prefix and suffix": "Chữ trước và sau", "Decimal digits": "Số chữ số thập phân", "Increment": "Bước tăng", "Text": "Nội dung",
  "Group label": "Tên nhóm", "Dynamic list label": "Tên bảng", "Path": "Đường dẫn", "Show outline": "Hiện khung", "Supported file formats": "Loại tệp nhận", "Upload multiple files": "Nhận nhiều tệp",
  "ID": "Mã", "Date": "Ngày", "Time": "Giờ", "Date label": "Tên ô ngày", "Time label": "Tên ô giờ", "Subtype": "Kiểu", "Use 24h": "Dùng 24 giờ", "Time interval": "Khoảng cách giờ", "Time format": "Cách ghi giờ",
  "Date & Time": "Ngày và giờ", "Default number of items": "Số dòng có sẵn", "Allow add/delete items": "Cho thêm, bớt dòng", "Disable collapse": "Không thu gọn", "Number of non-collapsing items": "Số dòng không thu gọn",
  "Searchable": "Tìm được", "Output as string": "Ghi thành chữ", "Vertical alignment": "Căn dọc", "Serialization": "Cách ghi", "Constraints": "Giới hạn", "Custom": "Riêng", "Email": "Thư điện tử", "Phone": "Điện thoại",
  "Drag and drop components here": "Kéo thành phần vào đây", "Drag and drop components here to start designing.": "Kéo thành phần vào đây để bắt đầu.", "Build your form": "Soạn biểu mẫu",
  "Select a form field to edit its properties.": "Chọn một ô để sửa thuộc tính.", "Multiple form fields are selected. Select a single form field to edit its properties.": "Chỉ chọn một ô để sửa thuộc tính.",
  "Open file": "Chọn tệp", "Browse": "Chọn tệp", "No files selected": "Chưa chọn tệp", "Add new": "Thêm dòng", "Remove": "Bỏ", "Delete": "Xóa", "Create": "Thêm", "Toggle section": "Mở hoặc gập",
  "Options expression": "Biểu thức lựa chọn", "Define an expression to populate the options from.": "Biểu thức cho các lựa chọn.",
  "Dynamic options": "Lựa chọn từ dữ liệu", "Input values key": "Mã dữ liệu lựa chọn", "Disallow past dates": "Không nhận ngày đã qua", "Optional": "Không bắt buộc", "Binds to a form variable": "Gắn với trường của quy trình", "Condition under which the field is hidden": "Điều kiện để ẩn ô",
  "January": "Tháng 1", "February": "Tháng 2", "March": "Tháng 3", "April": "Tháng 4", "May": "Tháng 5", "June": "Tháng 6", "July": "Tháng 7", "August": "Tháng 8", "September": "Tháng 9", "October": "Tháng 10", "November": "Tháng 11", "December": "Tháng 12",
  "Sun": "CN", "Mon": "T2", "Tue": "T3", "Wed": "T4", "Thu": "T5", "Fri": "T6", "Sat": "T7", "Clear content": "Xóa chữ đã gõ",
};

// The sign for a required field, and spaces around a text, stay as they are.
export function speak(box) {
  if (document.documentElement.lang === "en") return;
  for (const area of [box, document.body]) new MutationObserver((changes) => {
    for (const { addedNodes, target, type } of changes) type === "characterData" ? put(target) : addedNodes.forEach(within);
  }).observe(area, { childList: true, characterData: true, subtree: area === box });
  within(box);
}

function within(node) {
  if (node.nodeType === Node.TEXT_NODE) return put(node);
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches("script, style, .cm-editor")) return null;
  for (const name of ["title", "placeholder", "aria-label"]) if (WORDS[node.getAttribute(name)]) node.setAttribute(name, WORDS[node.getAttribute(name)]);
  return node.childNodes.forEach(within);
}

function put(text) {
  const known = WORDS[text.data.trim()];
  if (known) text.data = text.data.replace(text.data.trim(), known);
}
