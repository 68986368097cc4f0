#include "server/rest/csv.h"

#include "base/json_reader.h"
#include "server/rest/json_writer.h"

namespace windlass::rest {

namespace {

void append_cell(std::string* out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    *out += text;
    return;
  }
  out->push_back('"');
  for (const char c : text) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

std::string cell_text(const json::value& value, CellKind kind) {
  if (value.is_null()) return "";
  if (value.is_string()) return std::string(to_view(value.get_string()));
  if (kind == CellKind::kReference) return get_string(value, "id");
  if (kind == CellKind::kStatus) return get_string(value, "value");
  std::string text;
  JsonWriter(text).value(value);
  return text;
}

void append_row(std::string* out, const CsvColumns& columns, const json::value& object) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out->push_back(',');
    const json::value* value = find(object, columns[i].name);
    if (value != nullptr) append_cell(out, cell_text(*value, columns[i].kind));
  }
  *out += "\r\n";
}

}  // namespace

void append_csv_header(std::string* out, const CsvColumns& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out->push_back(',');
    append_cell(out, columns[i].name);
  }
  *out += "\r\n";
}

Result<void> append_csv_rows(std::string* out, const CsvColumns& columns, std::string_view array) {
  JsonReader reader(256);  // job results may be nested deep, and stand three levels down here
  json::error_code error;
  std::size_t used = 0;
  const json::value rows = reader.read(array, error, used);
  if (error) {
    return Error{"storage.damaged", "A record holds what cannot be shown as CSV.",
                 "its JSON does not parse: " + error.message()};
  }
  for (const json::value& row : rows.as_array()) append_row(out, columns, row);
  return ok();
}

}  // namespace windlass::rest
