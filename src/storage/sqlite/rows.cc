#include "storage/sqlite/rows.h"

#include "base/log.h"
#include "base/text.h"
#include "storage/sqlite/errors.h"

namespace windlass::sqlite {

void put(SQLite::Statement& statement, int index, bool value) {
  statement.bind(index, value ? 1 : 0);
}
void put(SQLite::Statement& statement, int index, std::int64_t value) {
  statement.bind(index, value);
}
void put(SQLite::Statement& statement, int index, double value) {
  statement.bind(index, value);
}
void put(SQLite::Statement& statement, int index, const std::string& value) {
  statement.bindNoCopy(index, value);
}
void put(SQLite::Statement& statement, int index, const Uuid& value) {
  statement.bind(index, value.to_string());
}
void put(SQLite::Statement& statement, int index, TimePoint value) {
  statement.bind(index, to_micros(value));
}
void put(SQLite::Statement& statement, int index, JobResultStatus value) {
  statement.bind(index, std::string(to_string(value)));
}
void put(SQLite::Statement& statement, int index, const json::value& value) {
  if (value.is_null()) {
    statement.bind(index);
  } else {
    statement.bind(index, to_text(value));
  }
}
void put(SQLite::Statement& statement, int index, const DbValue& value) {
  if (std::holds_alternative<std::monostate>(value)) {
    statement.bind(index);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    statement.bind(index, *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    statement.bind(index, *real);
  } else {
    statement.bindNoCopy(index, *std::get_if<std::string>(&value));
  }
}

namespace {

std::string_view text_of(const SQLite::Column& column) {
  const char* text = column.getText();
  return {text, static_cast<std::size_t>(column.getBytes())};
}

}  // namespace

void read(const SQLite::Column& column, bool* value) {
  *value = column.getInt64() != 0;
}
void read(const SQLite::Column& column, std::int64_t* value) {
  *value = column.getInt64();
}
void read(const SQLite::Column& column, double* value) {
  *value = column.getDouble();
}
void read(const SQLite::Column& column, std::string* value) {
  *value = text_of(column);
  // From a version that took such text, or a fault of the disk: the row must not spoil every list
  // that it is in.
  if (!is_valid_utf8(*value)) *value = to_valid_utf8(*value);
}

void read(const SQLite::Column& column, Uuid* value) {
  const std::optional<Uuid> id = Uuid::parse(text_of(column));
  if (!id) throw DamagedValue(std::string("not an id in column ") + column.getName());
  *value = *id;
}

void read(const SQLite::Column& column, TimePoint* value) {
  *value = from_micros(column.getInt64());
}

void read(const SQLite::Column& column, JobResultStatus* value) {
  const std::optional<JobResultStatus> status = parse_status(text_of(column));
  if (!status) throw DamagedValue("not a status");
  *value = *status;
}

void read(const SQLite::Column& column, json::value* value) {
  if (!read_json(column, value)) {
    throw DamagedValue(std::string("not JSON in column ") + column.getName());
  }
}

bool read_json(const SQLite::Column& column, json::value* value) {
  if (column.isNull()) {
    *value = nullptr;
    return true;
  }
  Result<json::value> parsed = parse_json(text_of(column));
  if (!parsed.ok()) return false;
  *value = std::move(parsed).value();
  return true;
}

void report_damage(std::string_view table, const std::string& row, std::string_view columns) {
  log::error("The database holds values that cannot be read; they count as empty",
             {{"code", "storage.damaged"},
              {"table", std::string(table)},
              {"row", row},
              {"columns", std::string(strip(columns))}});
}

std::string large_text(const json::value& value) {
  if (value.is_null()) return {};
  std::string text = to_text(value);
  return static_cast<std::int64_t>(text.size()) > kListValueLimit ? text : std::string();
}

std::string large_text(const std::optional<std::string>& value) {
  return value && static_cast<std::int64_t>(value->size()) > kListValueLimit ? *value
                                                                             : std::string();
}

}  // namespace windlass::sqlite
