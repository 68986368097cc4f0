#include "loader.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "../src/seam.hpp"
#include "backtrace.h"
#include "check.h"
#include "exits.h"
#include "load_guard.h"
#include "signals.h"
#include "streams.h"

namespace windlass::runner {
namespace {

namespace seam = windlass::jobs::internal;

constexpr const char* kLoadError = "LoadError";

/// A module of a source; `skipped` is why it is not to be loaded.
struct Module {
  seam::ModuleDeclaration declaration;
  std::string path;
  std::optional<std::string> skipped;
};

bool is_text(const Json* value) {
  return value != nullptr && value->is_string();
}

bool is_source(const Json& source) {
  const Json* const modules = source.find("modules");
  return is_text(source.find("name")) && modules != nullptr && modules->is_array() &&
         std::all_of(modules->begin(), modules->end(),
                     [](const Json& name) { return name.is_string(); });
}

/// The author's file as it is in the version below `path`; an installed one is there itself.
std::string in_version(const std::string& file, const std::string& path, const std::string& root) {
  const bool is_below = !root.empty() && file.size() > root.size() && file.starts_with(root) &&
                        file[root.size()] == '/';
  return is_below ? path + file.substr(root.size()) : file;
}

/// The modules of a source by name, those to skip among them.
std::vector<Module> modules_of(const Json& source, bool check) {
  const Json* const libraries = source.find("libraries");
  const std::string path = text_of(source, "path");
  const std::string root = text_of(source, "root");
  const auto make = [&](const std::string& name) {
    Module made;
    const Json* const library = libraries == nullptr ? nullptr : libraries->find(name);
    const std::string file = library == nullptr ? "" : text_of(*library, "file");
    made.declaration = {name, text_of(source, "name"), file, in_version(file, path, root), check};
    if (library != nullptr) made.path = text_of(*library, "path");
    return made;
  };
  std::vector<Module> modules;
  for (const Json& name : source.at("modules")) modules.push_back(make(name.as_string()));
  if (const Json* const skip = source.find("skip"); skip != nullptr && skip->is_object()) {
    for (const auto& [name, reason] : skip->as_object()) {
      modules.push_back(make(name));
      modules.back().skipped = reason.is_string() ? reason.as_string() : reason.dump();
    }
  }
  std::stable_sort(modules.begin(), modules.end(), [](const Module& left, const Module& right) {
    return left.declaration.name < right.declaration.name;
  });
  return modules;
}

struct Load {
  const char* path;
  std::optional<LoadProblem> problem;
};

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

void open_library(void* argument) {
  Load& load = *static_cast<Load*>(argument);
  if (::dlopen(load.path, RTLD_NOW | RTLD_LOCAL) != nullptr) return;
  const char* const text = ::dlerror();
  load.problem = problem_of_dlopen(load.path, text == nullptr ? "" : text);
}

seam::ModuleEntry load_module(const Module& module) {
  Load load{module.path.c_str(), std::nullopt};
  add_job_code(module.path);
  seam::begin_module(module.declaration);
  const pid_t process = ::getpid();
  unblock_signals();
  std::optional<LoadProblem> problem = guarded_load(open_library, &load);
  // A process that the module forked came back from its load.
  if (::getpid() != process) end_process(1);
  flush_streams();
  restore_streams();
  guard_signals();
  if (!problem) problem = std::move(load.problem);
  if (!problem) return seam::end_module();
  // The author knows the file, and not where it was copied to.
  for (std::string* const text : {&problem->message, &problem->traceback})
    replace_all(*text, module.path, module.declaration.file);
  return seam::fail_module(kLoadError, problem->message, problem->traceback);
}

}  // namespace

bool is_version(const Json& version) {
  const Json* const sources = version.find("sources");
  return is_text(version.find("id")) && sources != nullptr && sources->is_array() &&
         std::all_of(sources->begin(), sources->end(), is_source);
}

Json load_version(const Json& version, const std::function<void(const std::string&)>& announce) {
  const Json* const wanted = version.find("check");
  const bool check = wanted != nullptr && wanted->is_bool() && wanted->as_bool();
  Json modules = Json::array();
  Json warnings = Json::array();
  std::map<std::string, std::string> owners;
  for (const Json& source : version.at("sources")) {
    for (const Module& module : modules_of(source, check)) {
      const std::string& name = module.declaration.name;
      const auto refuse = [&](const std::string& why) {
        modules.push_back(seam::unloaded_entry(module.declaration, kLoadError, why, ""));
      };
      if (module.skipped) {
        refuse(*module.skipped);
        continue;
      }
      announce(name);
      const auto [owner, is_first] = owners.emplace(name, module.declaration.source);
      if (!is_first) {
        refuse("The name " + name + " is taken by the source " + owner->second +
               ". Rename the file.");
      } else if (module.path.empty()) {
        refuse("There is no compiled library of this module.");
      } else {
        seam::ModuleEntry loaded = load_module(module);
        modules.push_back(std::move(loaded.entry));
        for (Json& warning : loaded.warnings) warnings.push_back(std::move(warning));
      }
    }
  }
  if (check) look_for_mistakes(modules, warnings);
  return Json::object({{"type", "manifest"},
                       {"version", version.at("id")},
                       {"installed_modules", Json::array()},
                       {"modules", std::move(modules)},
                       {"warnings", std::move(warnings)}});
}

}  // namespace windlass::runner
