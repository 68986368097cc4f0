#include "storage/sqlite/file_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>

#include "base/files.h"
#include "base/log.h"
#include "embedded_queries.h"
#include "storage/sqlite/tables.h"

namespace windlass::sqlite {

namespace fs = std::filesystem;

namespace {

/// A younger file may belong to a process that is about to store its row.
constexpr std::chrono::minutes kIncomingAge{10};

Error not_found(const Uuid& id) {
  return {"file.not_found", "There is no file " + id.to_string() + "."};
}

/// Makes what was created or renamed in the folder durable.
Result<void> sync_folder(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return file_error("Cannot write the folder", folder);
  return ok();
}

}  // namespace

fs::path SqliteFileStore::incoming_path(const Uuid& id) const {
  return folder_ / "incoming" / id.to_string();
}

// The first digits of an id are its time; the last are random and spread the files evenly.
fs::path SqliteFileStore::place_of(const Uuid& id) const {
  const std::string name = id.to_string();
  return folder_ / name.substr(34, 2) / name.substr(32, 2) / name;
}

Result<void> SqliteFileStore::put_in_place(const Uuid& id) {
  const fs::path place = place_of(id);
  WL_TRY_VOID(make_folder(place.parent_path()));
  if (::rename(incoming_path(id).c_str(), place.c_str()) != 0) {
    return file_error("Cannot move a file to", place);
  }
  WL_TRY_VOID(sync_folder(place.parent_path()));
  WL_TRY_VOID(sync_folder(place.parent_path().parent_path()));
  return sync_folder(folder_);
}

Result<FileProxy> SqliteFileStore::add(std::int64_t number, std::int64_t lease_token,
                                       std::string_view name, std::string_view content) {
  FileProxy file;
  file.uploaded_at = clock_.now();
  file.id = new_id(file.uploaded_at);
  file.name = name;
  file.size = static_cast<std::int64_t>(content.size());
  const fs::path incoming = incoming_path(file.id);
  WL_TRY_VOID(make_folder(incoming.parent_path()));
  WL_TRY_VOID(write_new_file(incoming, content, 0600));
  Result<FileProxy> stored =
      sync_folder(incoming.parent_path()).ok()
          ? writer_.run([&](Write& write) -> Result<FileProxy> {
              Prepared lease = write.db.prepare(sql::kFindFileOwner);
              lease->bind(1, number);
              lease->bind(2, lease_token);
              if (!lease->executeStep()) {
                return Error{"job_result.lease_lost", "The run is not this worker's any more."};
              }
              file.job_result = value_at<Uuid>(*lease, 0);
              insert(write.db, file);
              return file;
            })
          : Result<FileProxy>(file_error("Cannot write", incoming));
  if (!stored.ok()) {
    ::unlink(incoming.c_str());
    return stored;
  }
  WL_TRY_VOID(put_in_place(file.id));
  return stored;
}

Result<FileProxy> SqliteFileStore::get(const Uuid& id) {
  return readers_.read([&](Connection& db) -> Result<FileProxy> {
    std::optional<FileProxy> file = find_by<FileProxy>(db, "id", id);
    if (!file) return not_found(id);
    return *std::move(file);
  });
}

Result<fs::path> SqliteFileStore::content_path(const Uuid& id) {
  WL_TRY_VOID(get(id));
  std::error_code failure;
  for (const fs::path& path : {place_of(id), incoming_path(id), place_of(id)}) {
    if (fs::exists(path, failure)) return path;
  }
  return not_found(id);
}

Result<Page<FileProxy>> SqliteFileStore::list(const Query& query) {
  return readers_.read([&](Connection& db) { return list_page<FileProxy>(db, query); });
}

Result<void> SqliteFileStore::remove_contents(const Uuid& result) {
  WL_TRY(const std::vector<Uuid> ids,
         readers_.read([&](Connection& db) -> Result<std::vector<Uuid>> {
           std::vector<Uuid> found;
           Prepared find = db.prepare(sql::kFilesOfResult);
           put(*find, 1, result);
           while (find->executeStep()) found.push_back(value_at<Uuid>(*find, 0));
           return found;
         }));
  for (const Uuid& id : ids) {
    for (const fs::path& path : {incoming_path(id), place_of(id)}) {
      if (::unlink(path.c_str()) != 0 && errno != ENOENT) return file_error("Cannot delete", path);
    }
  }
  return ok();
}

Result<void> SqliteFileStore::settle_incoming() {
  std::error_code failure;
  const auto old = fs::file_time_type::clock::now() - kIncomingAge;
  fs::directory_iterator entries(folder_ / "incoming", failure);
  for (; entries != fs::directory_iterator(); entries.increment(failure)) {
    const fs::directory_entry& entry = *entries;
    const auto written = entry.last_write_time(failure);
    const std::optional<Uuid> id = Uuid::parse(entry.path().filename().string());
    if (failure || written > old || !id) continue;
    const Result<FileProxy> row = get(*id);
    if (row.ok()) {
      WL_TRY_VOID(put_in_place(*id));
    } else if (row.error().code == "file.not_found") {
      ::unlink(entry.path().c_str());
    } else {
      return row.error();
    }
  }
  return ok();
}

}  // namespace windlass::sqlite
