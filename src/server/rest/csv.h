#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace windlass::rest {

/// How CSV shows a column's values: what run() returned may look like anything, so the column
/// decides, not the value.
enum class CellKind {
  kValue,      ///< text as it is, other values as JSON
  kReference,  ///< the id of the object
  kStatus,     ///< the value of {"value", "label"}
};

struct CsvColumn {
  std::string name;
  CellKind kind = CellKind::kValue;
};
using CsvColumns = std::vector<CsvColumn>;

/// CSV (RFC 4180) of JSON objects.
void append_csv_header(std::string* out, const CsvColumns& columns);
/// `array` is the JSON text of an array of objects, written by ourselves; error `storage.damaged`
/// when the records have made it something else.
Result<void> append_csv_rows(std::string* out, const CsvColumns& columns, std::string_view array);

}  // namespace windlass::rest
