#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"
#include "model/states.h"

namespace windlass {

/// What a field holds, as REST, CSV and OpenAPI show it and storage keeps it.
/// Stored as: text, JSON and ids as TEXT; whole numbers, booleans (0, 1) and times (microseconds)
/// as INTEGER; kNumber as REAL.
enum class FieldKind {
  kId,  ///< this object's own UUID
  kText,
  kInteger,
  kNumber,  ///< floating point, e.g. seconds
  kBool,
  kTime,
  kJson,
  kStatus,     ///< JobResultStatus, shown as {"value", "label"}
  kReference,  ///< id of another object, shown as {"id", "object_type", "url"}
};

/// What may be done with a field; combine with |.
enum FieldFlags : unsigned {
  kNone = 0,
  kFilter = 1,        ///< `?name=value` (repeat for "one of"); an index serves it
  kSort = 2,          ///< `?sort=name` or `-name`; an index serves it
  kSearch = 4,        ///< `?q=` looks for its text in it
  kWritable = 8,      ///< PATCH may set it
  kOverridable = 16,  ///< set by the class unless `<name>_override`
  kHidden = 32,       ///< stored, never shown
  kDetail = 64,       ///< large: kept from lists when over kListValueLimit bytes
};

/// A kDetail value over this many bytes is null in lists; the object itself shows it whole.
inline constexpr std::int64_t kListValueLimit = 4096;

/// The part of a field that does not depend on the C++ type that holds it.
struct FieldInfo {
  std::string_view name;  ///< in REST and in the database
  FieldKind kind;
  unsigned flags = kNone;
  std::string_view refers_to = "";  ///< kReference: the object type, e.g. "extras.job"
  std::string_view help = "";       ///< one sentence for OpenAPI and the page

  bool has(FieldFlags flag) const { return (flags & flag) != 0; }
};

template <class T>
using Member =
    std::variant<bool T::*, std::int64_t T::*, double T::*, std::string T::*, Uuid T::*,
                 TimePoint T::*, JobResultStatus T::*, json::value T::*, std::optional<Uuid> T::*,
                 std::optional<TimePoint> T::*, std::optional<std::string> T::*>;

/// One field of T: its description, and where T holds it.
template <class T>
struct Field : FieldInfo {
  Member<T> member;
};

/// What a kind of object is called and where it is found.
struct ResourceInfo {
  std::string_view object_type;  ///< "extras.jobresult"
  std::string_view path;         ///< "extras/job-results"
  std::string_view label;        ///< "Job Result", for sentences
  std::string_view table;        ///< its table in the database
};

/// The field list of T, in the order REST shows it. Declared once, beside T.
template <class T>
const std::vector<Field<T>>& fields_of();
template <class T>
const ResourceInfo& resource_of();

/// The field of that name, or nullptr.
template <class T>
const Field<T>* find_field(std::string_view name) {
  for (const Field<T>& field : fields_of<T>()) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace windlass
