#include "config/toml_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/files.h"

namespace windlass {

namespace {

/// Nullopt for what no setting can be (tables, times).
std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return std::nullopt;
}

std::optional<std::string> value_text(const toml::node& node) {
  const auto* list = node.as_array();
  if (list == nullptr) return scalar_text(node);
  std::string joined;
  for (const auto& item : *list) {
    const auto text = scalar_text(item);
    if (!text) return std::nullopt;
    joined += (joined.empty() ? "" : "\n") + *text;
  }
  return joined;
}

}  // namespace

Result<std::map<std::string, TomlEntry>> read_toml_file(const std::filesystem::path& file) {
  WL_TRY(const std::string content, read_file(file, 1 << 20));
  toml::table table;
  try {
    table = toml::parse(content);
  } catch (const toml::parse_error& error) {
    return Error{"settings.invalid", fmt::format("{}, line {}: {}.", file.string(),
                                                 error.source().begin.line, error.description())};
  }
  std::map<std::string, TomlEntry> entries;
  for (const auto& [key, node] : table) {
    entries[std::string(key.str())] = {value_text(node), node.source().begin.line};
  }
  return entries;
}

}  // namespace windlass
