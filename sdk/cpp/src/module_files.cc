#include "module_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "source_tokens.hpp"

namespace windlass::jobs::internal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 500;
constexpr std::uintmax_t kMostBytes = 4 << 20;
constexpr std::array<std::string_view, 8> kSuffixes = {".cpp", ".cc",  ".cxx", ".hpp",
                                                       ".hh",  ".hxx", ".h",   ".ipp"};

bool is_source(const fs::path& path) {
  return std::find(kSuffixes.begin(), kSuffixes.end(), path.extension().string()) !=
         kSuffixes.end();
}

std::string text_of(const std::string& path) {
  std::error_code failure;
  const std::uintmax_t size = fs::file_size(path, failure);
  if (failure || size > kMostBytes) return "";
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The token after attributes and the like, from `tokens[at]` on.
std::size_t skip_attributes(const std::vector<Token>& tokens, std::size_t at) {
  while (at < tokens.size()) {
    const std::string_view text = tokens[at].text;
    const bool is_bracket = text == "[";
    if (!is_bracket && text != "alignas" && text != "__attribute__") break;
    if (!is_bracket) ++at;
    int depth = 0;
    for (; at < tokens.size(); ++at) {
      const std::string_view inner = tokens[at].text;
      if (inner == "[" || inner == "(") ++depth;
      if ((inner == "]" || inner == ")") && --depth == 0) break;
    }
    ++at;
  }
  return at;
}

}  // namespace

std::multimap<std::string, int> class_lines(std::string_view source) {
  const std::vector<Token> tokens = tokens_of(source);
  std::multimap<std::string, int> lines;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const Token& word = tokens[index];
    if (word.text != "class" && word.text != "struct") continue;
    if (index > 0 && tokens[index - 1].text == "enum") continue;
    std::size_t at = skip_attributes(tokens, index + 1);
    std::string_view name;
    while (at < tokens.size() && (tokens[at].is_word || tokens[at].text == ":")) {
      const bool is_scope = tokens[at].text == ":";
      if (is_scope && (at + 1 == tokens.size() || tokens[at + 1].text != ":")) break;
      if (is_scope) {
        at += 2;
      } else if (tokens[at].text == "final" && !name.empty()) {
        ++at;
      } else {
        name = tokens[at++].text;
      }
    }
    if (name.empty() || at == tokens.size()) continue;
    if (tokens[at].text == "{" || tokens[at].text == ":") {
      lines.emplace(std::string(name), word.line);
    }
  }
  return lines;
}

std::string folder_of_module(const std::string& path) {
  std::error_code failure;
  return fs::is_directory(path, failure) ? path : folder_of(path);
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

ClassPlace ModuleFiles::place_of(std::string_view class_name, int line) {
  if (!has_read_) read_all();
  has_read_ = true;
  const std::string name(class_name.substr(0, class_name.find('<')));
  const auto [first, last] = places_.equal_range(name);
  if (std::distance(first, last) == 1) return first->second;
  return {module_->file, line};
}

void ModuleFiles::read_all() {
  if (module_->copy.empty()) return;
  const fs::path copy = module_->copy;
  std::error_code failure;
  is_project_ = fs::is_directory(copy, failure);
  if (!is_project_) {
    if (is_source(copy)) read(module_->copy, module_->file);
    return;
  }
  fs::recursive_directory_iterator all(copy, failure);
  for (; !failure && all != fs::recursive_directory_iterator(); all.increment(failure)) {
    const fs::path path = all->path();
    if (path.filename().string().starts_with('.')) all.disable_recursion_pending();
    std::error_code ignored;
    if (!is_source(path) || !all->is_regular_file(ignored)) continue;
    read(path.string(), (fs::path(module_->file) / path.lexically_relative(copy)).string());
  }
}

void ModuleFiles::read(const std::string& path, const std::string& shown) {
  if (paths_.size() == kMostFiles) return;
  if (std::find(paths_.begin(), paths_.end(), path) != paths_.end()) return;
  paths_.push_back(path);
  const std::string text = text_of(path);
  for (const auto& [name, line] : class_lines(text)) places_.emplace(name, ClassPlace{shown, line});
  if (is_project_) return;  // each file comes by itself
  for (const std::string& included : quoted_includes(text)) {
    if (included.starts_with('/')) continue;
    const auto beside = [&](const std::string& one) {
      return (fs::path(folder_of(one)) / included).lexically_normal().string();
    };
    read(beside(path), beside(shown));
  }
}

}  // namespace windlass::jobs::internal
