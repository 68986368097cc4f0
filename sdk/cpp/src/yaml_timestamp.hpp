/// Dates and times of YAML, as Python's datetime has them.
#pragma once

#include <string>
#include <string_view>

namespace windlass::jobs::internal {

/// Whether a plain scalar is a date or a time.
bool is_plain_timestamp(std::string_view text);

struct YamlTimestamp {
  /// As Python's isoformat() writes it: "2001-12-14", "2001-12-14T21:59:43.100000+00:00".
  std::string text;
  /// Equal for those that Python takes for equal: times with an offset by the instant.
  std::string identity;
};

/// Throws BadYamlScalar for what is no date, or one that no calendar has.
YamlTimestamp yaml_timestamp(std::string_view text);

}  // namespace windlass::jobs::internal
