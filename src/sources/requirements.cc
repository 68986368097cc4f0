#include "sources/requirements.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <set>

#include "base/crypto.h"
#include "base/files.h"
#include "base/text.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kRequirements = "requirements.txt";
constexpr std::string_view kProject = "pyproject.toml";
constexpr std::size_t kLargest = 1 << 20;

Error unusable(const std::string& why) {
  return {"git.requirements", fmt::format("pyproject.toml cannot be used: {}.", why)};
}

/// Of "-r more.txt", "--requirement=more.txt" and the like, what stands behind; else "".
std::string_view named_file(std::string_view line) {
  for (const std::string_view option : {"--requirement", "--constraint", "-r", "-c"}) {
    if (!line.starts_with(option)) continue;
    std::string_view rest = line.substr(option.size());
    if (option.starts_with("--") && !rest.starts_with('=') && !rest.starts_with(' ')) continue;
    if (rest.starts_with('=')) rest.remove_prefix(1);
    return strip(rest);
  }
  return "";
}

/// Whether a requirement or an option names a path.
bool names_path(std::string_view line) {
  if (line.starts_with("-e") || line.starts_with("--editable") || line.starts_with('.'))
    return true;
  if (line.find("file:") != std::string_view::npos) return true;
  return line.find('/') != std::string_view::npos && line.find("://") == std::string_view::npos;
}

/// Whether there is a folder of that name, as "--find-links wheels" has it.
bool names_folder(const fs::path& root, std::string_view line) {
  if (!line.starts_with("-f") && !line.starts_with("--find-links")) return false;
  std::string_view name = line.substr(line.starts_with("--") ? 12 : 2);
  if (name.starts_with('=')) name.remove_prefix(1);
  std::error_code failure;
  return fs::exists(root / std::string(strip(name)), failure);
}

/// The line without its comment, as pip reads it.
std::string_view meaning_of(std::string_view line) {
  if (line.starts_with('#')) return "";
  return strip(line.substr(0, line.find(" #")));
}

/// Takes a file and those that it names. True when one of them requires something.
Result<bool> read_file_of(const fs::path& root, const fs::path& path, Requirements* found) {
  const std::string name = path.generic_string();
  if (found->files.contains(name)) return false;
  WL_TRY(found->files[name], read_file(root / path, kLargest));
  bool requires_something = false;
  const std::string content = found->files[name];
  for (const std::string_view raw : split(content, '\n')) {
    const std::string_view line = meaning_of(strip(raw));
    if (line.empty()) continue;
    if (const std::string_view named = named_file(line); !named.empty()) {
      const fs::path other = (path.parent_path() / std::string(named)).lexically_normal();
      std::error_code failure;
      // What is not here, a URL perhaps, is left to pip.
      if (!fs::is_regular_file(root / other, failure) || !lies_beneath(root / other, root)) {
        requires_something = true;
        continue;
      }
      WL_TRY(const bool more, read_file_of(root, other, found));
      requires_something = requires_something || more;
      continue;
    }
    found->needs_tree = found->needs_tree || names_path(line) || names_folder(root, line);
    requires_something =
        requires_something || !line.starts_with("--") || line.starts_with("--editable");
  }
  return requires_something;
}

/// The dependencies of [project], as lines of a requirements file; "" when there are none.
Result<std::string> project_lines(const std::string& content) {
  toml::table table;
  try {
    table = toml::parse(content);
  } catch (const toml::parse_error& error) {
    return unusable(fmt::format("line {}: {}", error.source().begin.line, error.description()));
  }
  const auto project = table["project"];
  if (const auto* dynamic = project["dynamic"].as_array()) {
    for (const auto& each : *dynamic) {
      if (each.value_or(std::string_view()) == "dependencies")
        return unusable(
            "its dependencies are computed (dynamic). List them in it, or in requirements.txt");
    }
  }
  const auto dependencies = project["dependencies"];
  if (!dependencies) return std::string();
  if (!dependencies.is_array()) return unusable("project.dependencies is no list");
  std::string lines;
  for (const auto& each : *dependencies.as_array()) {
    const auto* text = each.as_string();
    const std::string_view line = text == nullptr ? std::string_view() : strip(text->get());
    // Options of pip have no place in it.
    if (line.empty() || line.starts_with('-') || line.find_first_of("\r\n") != line.npos) {
      return unusable(fmt::format("line {}: a dependency is a text such as \"requests>=2\"",
                                  each.source().begin.line));
    }
    lines += std::string(line) + "\n";
  }
  return lines;
}

std::string key_of(const Requirements& found, const std::string& tree) {
  std::string all = found.needs_tree ? tree : "";
  for (const auto& [path, content] : found.files)
    all += fmt::format("\n{} {}", path, content_hash(content));
  return content_hash(all);
}

}  // namespace

Result<std::optional<Requirements>> read_requirements(const fs::path& root,
                                                      const std::string& tree) {
  Requirements found;
  std::error_code failure;
  if (fs::is_regular_file(root / kRequirements, failure)) {
    found.file = kRequirements;
    WL_TRY(const bool requires_something, read_file_of(root, kRequirements, &found));
    if (!requires_something) return std::optional<Requirements>();
  } else if (fs::is_regular_file(root / kProject, failure)) {
    found.file = kProject;
    WL_TRY(const std::string content, read_file(root / kProject, kLargest));
    WL_TRY(std::string lines, project_lines(content));
    if (lines.empty()) return std::optional<Requirements>();
    for (const std::string_view line : split(lines, '\n'))
      found.needs_tree = found.needs_tree || names_path(line);
    found.files[std::string(kRequirements)] = std::move(lines);
  } else {
    return std::optional<Requirements>();
  }
  found.key = key_of(found, tree);
  return std::optional<Requirements>(std::move(found));
}

}  // namespace windlass::sources
