#include "sources/tree.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/crypto.h"
#include "base/text.h"

namespace windlass::sources {

namespace {

/// Python allows letters beyond ASCII; those are left for Python to judge.
bool is_identifier(std::string_view name) {
  const auto letter = [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80) != 0;
  };
  return !name.empty() && letter(name.front()) && is_valid_utf8(name) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return letter(c) || std::isdigit(static_cast<unsigned char>(c));
         });
}

/// The module's name, or "" for a path that makes none: "a.py" and "a/__init__.py" are a.
std::string module_named_by(const std::string& path) {
  const auto slash = path.find('/');
  if (slash == std::string::npos) {
    return path.ends_with(".py") && path != "__init__.py" ? path.substr(0, path.size() - 3) : "";
  }
  return path.substr(slash) == "/__init__.py" ? path.substr(0, slash) : "";
}

}  // namespace

std::string tree_id(const Tree& tree) {
  ContentHasher hasher;
  for (const auto& [path, file] : tree) {
    hasher.add(path);
    hasher.add(std::string_view(file.executable ? "\0x" : "\0-", 2));
    hasher.add(file.hash);
    hasher.add("\n");
  }
  return hasher.hex();
}

Tree module_files(const Tree& tree, const std::string& module) {
  Tree files;
  if (const auto file = tree.find(module + ".py"); file != tree.end()) files.insert(*file);
  if (tree.contains(module + "/__init__.py")) {
    const std::string folder = module + "/";
    for (auto at = tree.lower_bound(folder); at != tree.end() && at->first.starts_with(folder);
         ++at) {
      files.insert(*at);
    }
  }
  return files;
}

std::vector<SourceModule> modules_of(const Tree& tree, std::vector<std::string>* warnings) {
  std::set<std::string> names;
  for (const auto& [path, file] : tree) {
    const std::string name = module_named_by(path);
    if (name.empty()) continue;
    if (!is_identifier(name)) {
      warnings->push_back(
          "\"" + to_valid_utf8(path) + "\" is not imported: \"" + to_valid_utf8(name) +
          "\" is not a Python identifier; rename it with letters, digits and underscores.");
    } else if (!names.insert(name).second) {
      warnings->push_back("\"" + name + ".py\" is not imported: the folder \"" + name +
                          "\" is a package of the same name.");
    }
  }
  std::vector<SourceModule> modules;
  for (const std::string& name : names) {
    const bool package = tree.contains(name + "/__init__.py");
    modules.push_back({name, package ? name : name + ".py", tree_id(module_files(tree, name))});
  }
  return modules;
}

}  // namespace windlass::sources
