/// The values of YAML's scalars, as PyYAML's safe loader makes them and the Python SDK puts them
/// into a result: dates and bytes are text.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <windlass/jobs/json.hpp>

#include "yaml_tag.hpp"

namespace windlass::jobs::internal {

/// A scalar that its tag does not allow; what() quotes it.
struct BadYamlScalar : std::runtime_error {
  BadYamlScalar(std::string_view text, std::string_view what);
};

/// The value of `text`. A float may be infinite or nan. Throws BadYamlScalar.
Json yaml_scalar(YamlTag tag, std::string_view text);

struct YamlKey {
  /// As a member's name.
  std::string name;
  /// Equal for keys that Python takes for equal: 1, 1.0 and true are one key, "1" is another.
  std::string identity;
};

/// The key of a map that `text` is. Throws BadYamlScalar, for infinities and nan too.
YamlKey yaml_key(YamlTag tag, std::string_view text);

}  // namespace windlass::jobs::internal
