#include "sources/last_good.h"

#include "base/files.h"
#include "base/json.h"
#include "base/log.h"

namespace windlass::sources {

LastGood::LastGood(const std::filesystem::path& home) : file_(home / "sources" / "last-good.json") {
  std::error_code failure;
  if (!std::filesystem::exists(file_, failure)) return;
  const auto text = read_file(file_);
  const auto parsed = text.ok() ? parse_json(*text) : Result<json::value>(text.error());
  const json::value* modules = parsed.ok() ? windlass::find(*parsed, "modules") : nullptr;
  if (modules == nullptr || !modules->is_object()) {
    log::warning("The record of last good sources is damaged and begins anew",
                 {{"file", file_.string()},
                  {"reason", parsed.ok() ? "no modules" : parsed.error().message}});
    return;
  }
  for (const auto& [name, entry] : modules->get_object()) {
    entries_[std::string(name)] = {get_string(entry, "version"), get_string(entry, "hash")};
  }
}

Result<void> LastGood::mark_good(const SourceVersion& version,
                                 const std::vector<std::string>& modules) {
  if (version.in_place) return ok();
  const auto before = entries_;
  std::erase_if(entries_, [&](const auto& entry) { return version.find(entry.first) == nullptr; });
  for (const std::string& name : modules) {
    if (const SourceModule* module = version.find(name))
      entries_[name] = {version.id, module->hash};
  }
  if (entries_ == before) return ok();
  json::object listed;
  for (const auto& [name, entry] : entries_) {
    listed[to_json_view(name)] = json::object{{"version", entry.version}, {"hash", entry.hash}};
  }
  WL_TRY_VOID(make_folder(file_.parent_path()));
  return replace_file(file_, to_text(json::object{{"modules", std::move(listed)}}) + "\n", 0600);
}

std::optional<LastGood::Entry> LastGood::find(const std::string& module) const {
  const auto at = entries_.find(module);
  return at == entries_.end() ? std::nullopt : std::optional(at->second);
}

std::set<std::string> LastGood::versions() const {
  std::set<std::string> ids;
  for (const auto& [name, entry] : entries_) ids.insert(entry.version);
  return ids;
}

}  // namespace windlass::sources
