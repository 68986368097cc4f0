#include "runner/split_version.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/log.h"

namespace windlass::runner {

namespace {

/// The module under whose name everything of `module` stands.
std::string package_of(const SourceSpec& source, const std::string& module) {
  return source.kind == "app" ? module : module.substr(0, module.find('.'));
}

std::string_view remedy_of(const SourceSpec& source) {
  if (source.kind == "git") return "Add the repository again, with another slug.";
  if (source.kind == "app") return "Take it out of the setting apps.";
  return "Rename the file.";
}

/// As an interpreter refuses a name that another of its own sources has.
ModuleFailure taken_by(const SourceSpec& owner, const SourceSpec& source,
                       const std::string& package) {
  return {"ImportError", fmt::format("The name {} is taken by the source {}. {}", package,
                                     source_name(owner), remedy_of(source))};
}

VersionPart& part_of(SplitVersion& split, const VersionSpec& version, const std::string& python) {
  const auto known = std::ranges::find(split.parts, python, &VersionPart::python);
  if (known != split.parts.end()) return *known;
  return split.parts.emplace_back(
      VersionPart{python, {version.id, {}, version.check, version.holds}});
}

json::array& list_in(json::object& frame, std::string_view member) {
  json::value& list = frame[member];
  if (!list.is_array()) list = json::array();
  return list.get_array();
}

void drop_known_classes(json::value& module, std::set<std::string>& known) {
  json::value* classes = module.is_object() ? module.get_object().if_contains("classes") : nullptr;
  if (classes == nullptr || !classes->is_array()) return;
  json::array kept;
  for (json::value& declared : classes->get_array()) {
    const std::string class_path = get_string(declared, "class_path");
    if (known.insert(class_path).second) {
      kept.push_back(std::move(declared));
    } else {
      log::warning("A class is registered in several interpreters; that of the first one counts",
                   {{"class", class_path}, {"source", get_string(module, "source")}});
    }
  }
  *classes = std::move(kept);
}

}  // namespace

SplitVersion split_version(const VersionSpec& version, const std::string& python,
                           const std::string& native_runner) {
  struct Owner {
    const SourceSpec* source;
    std::string python;
  };
  std::map<std::string, Owner> owners;
  SplitVersion split;
  for (const SourceSpec& source : version.sources) {
    const std::string& own = source.native           ? native_runner
                             : source.python.empty() ? python
                                                     : source.python;
    SourceSpec& left = part_of(split, version, own).spec.sources.emplace_back(source);
    // Within one interpreter it is the interpreter that refuses.
    std::erase_if(left.modules, [&](const std::string& module) {
      const std::string package = package_of(source, module);
      if (const auto failed = source.failed.find(module); failed != source.failed.end()) {
        split.refused.push_back(entry_of_skipped(source, module, failed->second));
        return true;
      }
      const Owner& owner = owners.try_emplace(package, Owner{&source, own}).first->second;
      if (owner.python == own || source_name(*owner.source) == source_name(source)) return false;
      split.refused.push_back(
          entry_of_skipped(source, module, taken_by(*owner.source, source, package)));
      return true;
    });
  }
  // A native runner with nothing to load is not needed.
  std::erase_if(split.parts, [&](const VersionPart& part) {
    return part.python == native_runner &&
           std::ranges::all_of(part.spec.sources,
                               [](const auto& source) { return source.modules.empty(); });
  });
  if (split.parts.empty()) part_of(split, version, python);
  return split;
}

json::array entries_of_failed(const VersionPart& part, const Error& why) {
  json::array entries;
  for (const SourceSpec& source : part.spec.sources) {
    const ModuleFailure failed{"InterpreterFailed",
                               fmt::format("{} needs the interpreter {}, which cannot be used: {}",
                                           source_name(source), part.python, why.message)};
    for (const std::string& module : source.modules)
      entries.push_back(entry_of_skipped(source, module, failed));
  }
  return entries;
}

json::value join_manifests(const VersionSpec& version, std::vector<json::value> frames,
                           json::array more_modules) {
  json::object whole{{"type", "manifest"}, {"version", version.id}};
  std::int64_t threads = 1;
  for (json::value& frame : frames) {
    if (!frame.is_object()) continue;
    threads = std::max(threads, get_int(frame, "threads", 1));
    for (const std::string_view member : {"modules", "warnings", "installed_modules"}) {
      for (json::value& each : list_in(frame.get_object(), member))
        list_in(whole, member).push_back(std::move(each));
    }
  }
  whole["threads"] = threads;
  json::array& modules = list_in(whole, "modules");
  for (json::value& entry : more_modules) modules.push_back(std::move(entry));

  std::map<std::pair<std::string, std::string>, std::size_t> places;
  for (const SourceSpec& source : version.sources) {
    for (const std::string& module : source.modules)
      places.try_emplace({source_name(source), module}, places.size());
  }
  const auto place_of = [&](const json::value& entry) {
    const auto known = places.find({get_string(entry, "source"), get_string(entry, "name")});
    return known == places.end() ? places.size() : known->second;
  };
  std::ranges::stable_sort(modules, {}, place_of);
  std::set<std::string> classes;
  for (json::value& module : modules) drop_known_classes(module, classes);
  return whole;
}

}  // namespace windlass::runner
