#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/field.h"
#include "storage/query.h"
#include "storage/sqlite/connection.h"

namespace windlass::sqlite {

// How values lie in columns. Texts are bound without a copy: what is bound must live until the
// statement has run.
void put(SQLite::Statement& statement, int index, bool value);
void put(SQLite::Statement& statement, int index, std::int64_t value);
void put(SQLite::Statement& statement, int index, double value);
void put(SQLite::Statement& statement, int index, const std::string& value);
void put(SQLite::Statement& statement, int index, const Uuid& value);
void put(SQLite::Statement& statement, int index, TimePoint value);
void put(SQLite::Statement& statement, int index, JobResultStatus value);
void put(SQLite::Statement& statement, int index, const json::value& value);
void put(SQLite::Statement& statement, int index, const DbValue& value);
template <class T>
void put(SQLite::Statement& statement, int index, const std::optional<T>& value) {
  if (value) {
    put(statement, index, *value);
  } else {
    statement.bind(index);
  }
}

void read(const SQLite::Column& column, bool* value);
void read(const SQLite::Column& column, std::int64_t* value);
void read(const SQLite::Column& column, double* value);
void read(const SQLite::Column& column, std::string* value);
void read(const SQLite::Column& column, Uuid* value);
void read(const SQLite::Column& column, TimePoint* value);
void read(const SQLite::Column& column, JobResultStatus* value);
void read(const SQLite::Column& column, json::value* value);
template <class T>
void read(const SQLite::Column& column, std::optional<T>* value) {
  if (column.isNull()) {
    value->reset();
  } else {
    read(column, &value->emplace());
  }
}

/// What becomes of a row with a column that holds no JSON: one that was edited by hand, or a fault
/// of the disk.
enum class OnDamage {
  kShowEmpty,  ///< the value stays what a new object has, and the log says so: the row must not
               ///< hide the others
  kThrow,      ///< DamagedValue
};

/// False, and nothing read, when it holds no JSON.
bool read_json(const SQLite::Column& column, json::value* value);
void report_damage(std::string_view table, const std::string& row, std::string_view columns);

/// The value of a column, of the type that the caller expects.
template <class T>
T value_at(const SQLite::Statement& statement, int column) {
  T value{};
  read(statement.getColumn(column), &value);
  return value;
}

/// A kDetail value as text when it is too large for a list, else "".
std::string large_text(const json::value& value);
std::string large_text(const std::optional<std::string>& value);
template <class T>
std::string large_text(const T&) {
  return {};
}

/// Values that do not lie in their own row, by field name.
using LargeValues = std::vector<std::pair<std::string, std::string>>;

/// `"id", "name", …`: all fields of T.
template <class T>
const std::string& column_list() {
  static const std::string list = [] {
    std::string names;
    for (const Field<T>& field : fields_of<T>()) {
      names += (names.empty() ? "\"" : ", \"") + std::string(field.name) + "\"";
    }
    return names;
  }();
  return list;
}

template <class T>
T read_row(const SQLite::Statement& statement, OnDamage on_damage = OnDamage::kShowEmpty) {
  T object;
  std::string damaged;
  int column = 0;
  for (const Field<T>& field : fields_of<T>()) {
    const SQLite::Column value = statement.getColumn(column++);
    std::visit(
        [&](auto member) {
          using V = std::remove_cvref_t<decltype(object.*member)>;
          if constexpr (std::is_same_v<V, json::value>) {
            if (on_damage == OnDamage::kShowEmpty) {
              if (!read_json(value, &(object.*member))) damaged += " " + std::string(field.name);
              return;
            }
          }
          read(value, &(object.*member));
        },
        field.member);
  }
  if constexpr (requires { object.id; }) {
    if (!damaged.empty()) report_damage(resource_of<T>().table, object.id.to_string(), damaged);
  }
  return object;
}

/// Binds all fields from $1 on. Large values are bound as NULL and returned.
template <class T>
LargeValues bind_row(SQLite::Statement& statement, const T& object) {
  LargeValues large;
  int index = 1;
  for (const Field<T>& field : fields_of<T>()) {
    std::visit(
        [&](auto member) {
          std::string text = field.has(kDetail) ? large_text(object.*member) : std::string();
          if (text.empty()) {
            put(statement, index, object.*member);
          } else {
            statement.bind(index);
            large.emplace_back(field.name, std::move(text));
          }
        },
        field.member);
    ++index;
  }
  return large;
}

/// "INSERT INTO t (…) VALUES ($1, …)"
template <class T>
const std::string& insert_sql() {
  static const std::string sql = [] {
    std::string places;
    for (std::size_t i = 1; i <= fields_of<T>().size(); ++i) {
      places += (i == 1 ? "?" : ", ?") + std::to_string(i);
    }
    return "INSERT INTO \"" + std::string(resource_of<T>().table) + "\" (" + column_list<T>() +
           ") VALUES (" + places + ")";
  }();
  return sql;
}

/// "UPDATE t SET … WHERE id = <its id>"; binds as insert_sql does.
template <class T>
const std::string& update_sql() {
  static const std::string sql = [] {
    std::string places;
    std::string id;
    int index = 1;
    for (const Field<T>& field : fields_of<T>()) {
      const std::string place = "?" + std::to_string(index++);
      if (field.kind == FieldKind::kId) id = place;
      places += (places.empty() ? "\"" : ", \"") + std::string(field.name) + "\" = " + place;
    }
    return "UPDATE \"" + std::string(resource_of<T>().table) + "\" SET " + places +
           " WHERE id = " + id;
  }();
  return sql;
}

template <class T>
void insert(Connection& db, const T& object) {
  Prepared statement = db.prepare(insert_sql<T>());
  bind_row(*statement, object);
  statement.run();
}

/// False when there is no row with its id.
template <class T>
bool replace(Connection& db, const T& object) {
  Prepared statement = db.prepare(update_sql<T>());
  bind_row(*statement, object);
  return statement.run() > 0;
}

}  // namespace windlass::sqlite
