#include "dedent.hpp"

#include <algorithm>
#include <vector>

namespace windlass::jobs::internal {
namespace {

constexpr std::string_view kBlank = " \t\r\n\v\f";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string dedented(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  std::string_view shared;
  bool any = false;
  for (const std::string_view line : lines) {
    const std::size_t indent = line.find_first_not_of(" \t");
    if (indent == std::string_view::npos) continue;
    const std::string_view own = line.substr(0, indent);
    if (!any) shared = own;
    any = true;
    const auto differs = std::mismatch(shared.begin(), shared.end(), own.begin(), own.end());
    shared = shared.substr(0, static_cast<std::size_t>(differs.first - shared.begin()));
  }
  std::string out;
  for (const std::string_view line : lines) {
    if (line.find_first_not_of(" \t") != std::string_view::npos) out += line.substr(shared.size());
    out += '\n';
  }
  const std::size_t first = out.find_first_not_of(kBlank);
  if (first == std::string::npos) return "";
  return out.substr(first, out.find_last_not_of(kBlank) - first + 1);
}

std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t place = 0; place < row.size(); ++place) row[place] = place;
  for (std::size_t above = 0; above < left.size(); ++above) {
    std::size_t diagonal = row[0]++;
    for (std::size_t place = 0; place < right.size(); ++place) {
      const std::size_t changed = diagonal + (left[above] == right[place] ? 0 : 1);
      diagonal = row[place + 1];
      row[place + 1] = std::min({row[place] + 1, row[place + 1] + 1, changed});
    }
  }
  return row.back();
}

}  // namespace windlass::jobs::internal
