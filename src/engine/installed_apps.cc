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

InstalledApps::InstalledApps(std::vector<std::string> packages,
                             std::map<std::string, std::string> pythons)
    : pythons_(std::move(pythons)) {
  for (std::string& package : packages) {
    if (std::ranges::find(apps_, package, &App::package) == apps_.end())
      apps_.push_back({std::move(package), "", "", "", ""});
  }
}

std::string InstalledApps::id_of(const App& app) const {
  return app.seen == app.imported ? app.version : "at " + app.seen;
}

void InstalledApps::add_to(CodeSet& set) const {
  for (const App& app : apps_) {
    SourceCode source{name_of(app.package), "app", "", {}};
    if (const auto python = pythons_.find(source.name); python != pythons_.end())
      source.python = python->second;
    source.version.id = id_of(app);
    source.version.modules = {{app.package, "", ""}};
    set.put(std::move(source));
  }
}

void InstalledApps::imported(const json::value& manifest, TimePoint began,
                             std::vector<CodeSet*> sets) {
  for (App& app : apps_) {
    std::string version;
    for (const json::value& module : modules_of(manifest)) {
      const json::value* told = find(module, "app");
      if (get_string(module, "source") != name_of(app.package) || told == nullptr) continue;
      version = get_string(*told, "version");
      const std::string folder = get_string(*told, "path");
      if (!folder.empty()) app.folder = folder;
    }
    if (!app.folder.empty()) {
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

bool InstalledApps::look() {
  bool changed = false;
  for (App& app : apps_) {
    if (app.folder.empty()) continue;
    const std::string now = stamps_of(app.folder);
    const bool rests = now == app.seen;
    app.seen = now;
    if (now != app.imported && rests) changed = true;
  }
  return changed;
}

}  // namespace windlass::engine
