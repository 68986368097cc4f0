/// YAML 1.1 text to Json, as PyYAML's safe_load and the Python SDK's results have it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <windlass/jobs/json.hpp>

namespace windlass::jobs::internal {

/// Levels of lists and maps, as those of load_json().
inline constexpr std::size_t kMaxYamlDepth = 64;
/// Values that aliases and merge keys may add to those written out; 64 bytes of text count as one
/// more. So many take about 200 MB at the worst.
inline constexpr std::size_t kMaxYamlCopies = 1'000'000;

/// The one document of `text`; null where there is none. Throws YamlError, which names `file`, line
/// and column.
Json parse_yaml(std::string_view text, const std::string& file);

}  // namespace windlass::jobs::internal
