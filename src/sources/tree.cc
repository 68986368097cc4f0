#include "sources/tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "base/crypto.h"
#include "base/text.h"

namespace windlass::sources {

namespace {

/// Python allows letters beyond ASCII; those are left for Python to judge.
bool is_identifier(std::string_view name, bool native) {
  const auto letter = [native](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || (!native && (c & 0x80) != 0);
  };
  return !name.empty() && letter(name.front()) && is_valid_utf8(name) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return letter(c) || std::isdigit(static_cast<unsigned char>(c));
         });
}

struct Form {
  ModuleKind kind;
  std::string_view ending;  ///< after the module's name
};
/// The files that make a module, by precedence.
constexpr std::array<Form, 5> kForms = {{{ModuleKind::kPython, "/__init__.py"},
                                         {ModuleKind::kPython, ".py"},
                                         {ModuleKind::kProject, "/CMakeLists.txt"},
                                         {ModuleKind::kCpp, ".cpp"},
                                         {ModuleKind::kLibrary, ".so"}}};

std::ptrdiff_t precedence(const Form& form) {
  return std::ranges::find(kForms, form.ending, &Form::ending) - kForms.begin();
}

bool is_folder(const Form& form) {
  return form.ending.front() == '/';
}

/// The module that a file makes by its place at the top, or "".
std::string module_made_by(const std::string& path, const Form& form) {
  if (!path.ends_with(form.ending)) return "";
  std::string name = path.substr(0, path.size() - form.ending.size());
  return name.find('/') != std::string::npos || name == "__init__" ? "" : name;
}

bool is_header(std::string_view path) {
  return std::ranges::any_of(
      std::array<std::string_view, 6>{".h", ".hh", ".hpp", ".hxx", ".ipp", ".inc"},
      [&](std::string_view ending) { return path.ends_with(ending); });
}

void insert_folder(const Tree& tree, const std::string& folder, Tree* files) {
  for (auto at = tree.lower_bound(folder); at != tree.end() && at->first.starts_with(folder); ++at)
    files->insert(*at);
}

/// Headers that are in no module's folder.
Tree shared_headers(const Tree& tree, const std::map<std::string, std::vector<Form>>& modules) {
  Tree headers;
  for (const auto& [path, file] : tree) {
    const auto slash = path.find('/');
    const bool in_module = slash != std::string::npos && modules.contains(path.substr(0, slash)) &&
                           std::ranges::any_of(modules.at(path.substr(0, slash)), is_folder);
    if (is_header(path) && !in_module) headers.emplace(path, file);
  }
  return headers;
}

std::string file_named(const std::string& module, const Form& form) {
  return is_folder(form) ? module + "/" : module + std::string(form.ending);
}

/// "a.cpp and a.py both make the module a. Rename one of them."
std::string clash_of(const std::string& module, const std::vector<Form>& forms) {
  std::string files;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    if (i > 0) files += i + 1 == forms.size() ? " and " : ", ";
    files += file_named(module, forms[i]);
  }
  return files + (forms.size() == 2 ? " both" : " all") + " make the module " + module +
         ". Rename all but one of them.";
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
  for (const Form& form : kForms) {
    const auto file = tree.find(module + std::string(form.ending));
    if (file == tree.end()) continue;
    if (is_folder(form)) insert_folder(tree, module + "/", &files);
    files.insert(*file);
  }
  return files;
}

std::vector<SourceModule> modules_of(const Tree& tree, std::vector<std::string>* warnings) {
  std::map<std::string, std::vector<Form>> names;
  for (const auto& [path, file] : tree) {
    for (const Form& form : kForms) {
      const std::string name = module_made_by(path, form);
      if (name.empty()) continue;
      const bool native = form.kind != ModuleKind::kPython;
      if (is_identifier(name, native)) {
        names[name].push_back(form);
        continue;
      }
      // Libraries and projects beside jobs are often no modules and lie there to be used by them.
      if (form.kind == ModuleKind::kLibrary || form.kind == ModuleKind::kProject) continue;
      warnings->push_back("\"" + to_valid_utf8(path) + "\" is not imported: \"" +
                          to_valid_utf8(name) + "\" is not a " + (native ? "C++" : "Python") +
                          " identifier; rename it with letters, digits and underscores.");
    }
  }
  const Tree headers = shared_headers(tree, names);
  std::vector<SourceModule> modules;
  for (auto& [name, forms] : names) {
    std::ranges::sort(forms, {}, precedence);
    // A package hides the file of its name, as Python does it; a CMakeLists.txt within is its own.
    if (forms.front().ending == "/__init__.py") {
      const auto hidden = std::ranges::find(forms, ".py", &Form::ending);
      if (hidden != forms.end()) {
        warnings->push_back("\"" + name + ".py\" is not imported: the folder \"" + name +
                            "\" is a package of the same name.");
        forms.erase(hidden);
      }
      std::erase_if(forms, [](const Form& form) { return form.kind == ModuleKind::kProject; });
    }
    const Form& form = forms.front();
    SourceModule module{name, is_folder(form) ? name : name + std::string(form.ending), "",
                        form.kind};
    Tree files = module_files(tree, name);
    if (form.kind == ModuleKind::kCpp) files.insert(headers.begin(), headers.end());
    module.hash = tree_id(files);
    if (forms.size() > 1) module.clash = clash_of(name, forms);
    modules.push_back(std::move(module));
  }
  return modules;
}

std::vector<SourceModule> native_modules_of(const Tree& tree, const std::string& below,
                                            const std::string& prefix,
                                            std::vector<std::string>* warnings) {
  Tree folder;
  for (auto at = tree.lower_bound(below + "/");
       at != tree.end() && at->first.starts_with(below + "/"); ++at)
    folder.emplace(at->first.substr(below.size() + 1), at->second);
  Tree elsewhere;
  for (const auto& [path, file] : tree) {
    if (is_header(path) && !path.starts_with(below + "/")) elsewhere.emplace(path, file);
  }
  const std::string headers = tree_id(elsewhere);
  std::vector<std::string> others;
  std::vector<SourceModule> modules = modules_of(folder, &others);
  std::erase_if(modules, [](const SourceModule& module) {
    return !module.is_native() && module.clash.empty();
  });
  for (SourceModule& module : modules) {
    module.name = prefix + module.name;
    module.path = below + "/" + module.path;
    // Headers lie anywhere in a repository.
    if (module.kind != ModuleKind::kLibrary) module.hash = content_hash(module.hash + headers);
  }
  for (std::string& warning : others) {
    if (warning.find("C++") != std::string::npos) warnings->push_back(std::move(warning));
  }
  return modules;
}

}  // namespace windlass::sources
