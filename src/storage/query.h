#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "model/field.h"

namespace windlass {

/// A value as a database keeps it: NULL, INTEGER (whole numbers, booleans as 0 and 1, times as
/// microseconds), REAL or TEXT.
using DbValue = std::variant<std::monostate, std::int64_t, double, std::string>;

/// One condition on a field that has kFilter.
struct Filter {
  enum class Is { kOneOf, kNoneOf, kAtLeast, kAtMost, kContains };
  std::string field;
  Is is = Is::kOneOf;
  std::vector<DbValue> values;
};

/// Which objects of a kind are asked for. Storage compiles it to SQL from the kind's field list, in
/// one place.
struct Query {
  std::vector<Filter> filters;  ///< all must hold
  std::string search;           ///< text in any kSearch field; "" for none
  std::string sort;  ///< kSort fields parted by commas, "-name" for descending; "" for the newest
                     ///< first (jobs: grouping, name)
  std::int64_t limit = 50;
  std::int64_t offset = 0;
};

template <class T>
struct Page {
  std::int64_t count = 0;  ///< of all that match, exact
  std::vector<T> items;
};

}  // namespace windlass
