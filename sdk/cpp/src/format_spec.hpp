/// What stands after the colon in `{:…}`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <windlass/jobs/format.hpp>

namespace windlass::jobs::internal {

struct FormatSpec {
  std::string fill = " ";
  char align = 0;  ///< '<', '>', '^', or 0: as the kind wants
  char sign = '-';
  bool alternate = false;
  bool zero = false;
  int width = 0;
  int precision = -1;
  char type = 0;

  /// None where the text is none.
  static std::optional<FormatSpec> parse(std::string_view text);
  /// Appends the argument; false where it has no such form.
  bool append(std::string& out, const detail::Argument& argument) const;
};

}  // namespace windlass::jobs::internal
