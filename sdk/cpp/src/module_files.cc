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

}  // namespace

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

std::vector<std::string> ModuleFiles::unregistered(const std::set<std::string>& registered) {
  if (!has_read_) read_all();
  has_read_ = true;
  // Jobs, and whatever derives from one; those below others are there to be derived from.
  std::set<std::string> jobs{"Job", "JobHookReceiver", "JobButtonReceiver"};
  std::set<std::string> bases;
  for (std::size_t before = 0; before != jobs.size();) {
    before = jobs.size();
    for (const ClassDefinition& one : classes_) {
      const bool is_job = std::any_of(one.bases.begin(), one.bases.end(),
                                      [&](const std::string& base) { return jobs.contains(base); });
      if (!is_job) continue;
      jobs.insert(one.name);
      bases.insert(one.bases.begin(), one.bases.end());
    }
  }
  std::vector<std::string> found;
  for (const ClassDefinition& one : classes_) {
    if (!jobs.contains(one.name) || bases.contains(one.name)) continue;
    if (!registered.contains(one.name)) found.push_back(one.name);
  }
  return found;
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
  for (ClassDefinition& found : class_definitions(text)) {
    places_.emplace(found.name, ClassPlace{shown, found.line});
    if (!found.is_template) classes_.push_back(std::move(found));
  }
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
