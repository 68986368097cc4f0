#include "engine/installed_apps.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/crypto.h"
#include "base/files.h"
#include "model/job_source.h"
#include "sources/scan.h"

namespace windlass::engine {

namespace {

constexpr std::size_t kShownHash = 12;
/// Packages above this are told apart by their files' stamps alone.
constexpr std::uint64_t kMostBytes = 64 << 20;

std::string name_of(const std::string& package) {
  return fmt::format("{}{}", kAppSource, package);
}

/// Of a folder that cannot be looked at, what tells that from all others.
std::string stamps_of(const std::string& folder) {
  const auto scan = sources::scan_folder(folder);
  if (!scan.ok()) return "gone";
  std::string all;
  for (const sources::ScannedFile& file : scan->files) {
    all += fmt::format("{} {} {} {} {}\n", file.path, file.stamp.inode, file.stamp.size,
                       file.stamp.modified_ns, file.stamp.changed_ns);
  }
  return content_hash(all);
}

std::string stamp_of_file(const std::filesystem::path& file) {
  const auto found = sources::scan_file(file.parent_path(), file.filename().string());
  if (!found) return "gone";
  return fmt::format("{} {} {} {}", found->stamp.inode, found->stamp.size, found->stamp.modified_ns,
                     found->stamp.changed_ns);
}

bool changed_since(const std::string& folder, TimePoint time) {
  const auto scan = sources::scan_folder(folder);
  const std::int64_t limit = to_micros(time) * 1000;
  return scan.ok() && std::ranges::any_of(scan->files, [&](const sources::ScannedFile& file) {
           return file.stamp.changed_ns >= limit;
         });
}

/// Equal for equal files, wherever and whenever they were installed.
std::string hash_of(const std::string& folder) {
  const auto scan = sources::scan_folder(folder);
  if (!scan.ok() || scan->bytes > kMostBytes) return stamps_of(folder);
  std::string all;
  for (const sources::ScannedFile& file : scan->files) {
    const auto content = read_file(std::filesystem::path(folder) / file.path);
    all += fmt::format("{} {}\n", file.path, content.ok() ? content_hash(*content) : "");
  }
  return content_hash(all);
}

}  // namespace

InstalledApps::InstalledApps(const std::vector<std::string>& packages,
                             std::map<std::string, std::string> pythons, Micros ask_again)
    : pythons_(std::move(pythons)), ask_again_(ask_again) {
  for (const std::string& entry : packages) {
    const std::string package(app_name(entry));
    if (std::ranges::find(apps_, package, &App::package) == apps_.end())
      apps_.push_back({package, package == entry ? "" : entry, "", "", "", ""});
  }
}

std::string InstalledApps::id_of(const App& app) const {
  return app.seen == app.imported ? app.version : "at " + app.seen;
}

/// The content of a library that lies there now.
void InstalledApps::add_library(App& app, SourceCode& source) {
  const std::string stamp = stamp_of_file(app.library);
  if (app.version.empty() || app.imported != stamp) {
    const auto content = read_file(app.library, kMostBytes);
    app.version = content.ok() ? content_hash(*content) : content_hash(stamp);
    app.imported = app.seen = stamp;
  }
  source.version.id = app.version.substr(0, kShownHash);
  source.version.path = source.version.root = app.library.parent_path();
  source.version.modules = {
      {app.package, app.library.filename().string(), app.version, sources::ModuleKind::kLibrary}};
}

void InstalledApps::add_to(CodeSet& set) {
  for (App& app : apps_) {
    SourceCode source{name_of(app.package), "app", "", {}};
    if (!app.library.empty()) {
      add_library(app, source);
      set.put(std::move(source));
      continue;
    }
    if (const auto python = pythons_.find(source.name); python != pythons_.end())
      source.python = python->second;
    source.version.id = id_of(app);
    source.version.modules = {{app.package, "", ""}};
    set.put(std::move(source));
  }
}

void InstalledApps::imported(const json::value& manifest, TimePoint began,
                             const std::vector<CodeSet*>& sets) {
  for (App& app : apps_) {
    if (!app.library.empty()) continue;
    std::string version;
    for (const json::value& module : modules_of(manifest)) {
      const json::value* told = find(module, "app");
      if (get_string(module, "source") != name_of(app.package) || told == nullptr) continue;
      version = get_string(*told, "version");
      const std::string folder = get_string(*told, "path");
      if (!folder.empty()) app.folder = folder;
    }
    if (app.folder.empty()) {
      app.imported = app.seen;
    } else {
      app.seen = stamps_of(app.folder);
      // What was written meanwhile may not be what was imported: it is imported once more.
      const bool settled = !changed_since(app.folder, began);
      app.imported = settled ? app.seen : "";
      app.version = fmt::format(
          "{}{}{}", version, version.empty() ? "" : " ",
          settled ? hash_of(app.folder).substr(0, kShownHash) : "while it was installed");
    }
    for (CodeSet* set : sets) {
      for (SourceCode& source : set->sources) {
        if (source.name == name_of(app.package)) source.version.id = app.version;
      }
    }
  }
}

bool InstalledApps::look(Micros now) {
  bool changed = false;
  const bool ask = asked_ && now - *asked_ >= ask_again_;
  if (ask || !asked_) asked_ = now;
  for (App& app : apps_) {
    if (!app.library.empty()) {
      const std::string stamp = stamp_of_file(app.library);
      changed = changed || (stamp != app.imported && stamp == app.seen);
      app.seen = stamp;
      continue;
    }
    if (app.folder.empty()) {
      // Only an import can tell where it lies by now.
      if (ask) app.seen = fmt::format("asked at {}", now.count());
      changed = changed || ask;
      continue;
    }
    const std::string stamps = stamps_of(app.folder);
    const bool rests = stamps == app.seen;
    app.seen = stamps;
    if (stamps != app.imported && rests) changed = true;
  }
  return changed;
}

}  // namespace windlass::engine
