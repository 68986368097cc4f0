#include "sources/reading.h"

#include <fcntl.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>

#include "base/crypto.h"
#include "base/files.h"
#include "sources/write_activity.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

/// Stamps are as coarse as a clock tick here and two seconds elsewhere: a file written twice within
/// that may keep its stamp.
constexpr std::int64_t kCoarsestStamp = 2'000'000'000;
constexpr int kTries = 3;
constexpr std::size_t kKeptContents = 8 << 20;

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::set<std::pair<std::string, bool>> contents_in(const Tree& tree) {
  std::set<std::pair<std::string, bool>> contents;
  for (const auto& [path, file] : tree) contents.emplace(file.hash, file.executable);
  return contents;
}

}  // namespace

ReadOutcome read_stable(const fs::path& path, std::string* content, FileStamp* stamp) {
  for (int i = 0; i < kTries; ++i) {
    // Without O_NONBLOCK, a pipe that took the file's place would hold us for ever.
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd)
      return errno == ENOENT || errno == ENOTDIR ? ReadOutcome::kGone : ReadOutcome::kUnreadable;
    FileStamp after;
    if (!stamp_of(fd.get(), stamp)) return ReadOutcome::kGone;
    auto read = read_all(fd.get(), path, SIZE_MAX);
    if (!read.ok()) return ReadOutcome::kUnreadable;
    if (stamp_of(fd.get(), &after) && after == *stamp &&
        static_cast<std::int64_t>(read->size()) == stamp->size) {
      *content = std::move(*read);
      return ReadOutcome::kRead;
    }
  }
  return ReadOutcome::kMoving;
}

const RootReader::Known* RootReader::believed(const ScannedFile& file,
                                              const std::set<std::string>& again) const {
  const auto at = known_.find(file.path);
  const bool same = at != known_.end() && at->second.settled && at->second.stamp == file.stamp;
  return same && !covers(again, file.path) ? &at->second : nullptr;
}

Reading RootReader::read(const fs::path& root, const Scan& scan, const std::set<std::string>& again,
                         const Tree& have) {
  const auto had = contents_in(have);
  Reading reading;
  reading.warnings = scan.warnings;
  std::unordered_map<std::string, Known> known;
  std::size_t kept = 0;
  for (const ScannedFile& file : scan.files) {
    if (const Known* earlier = believed(file, again)) {
      reading.tree[file.path] = {earlier->hash, file.executable};
      known[file.path] = *earlier;
      continue;
    }
    std::string content;
    FileStamp stamp;
    const std::int64_t now = now_ns();
    const ReadOutcome outcome = read_stable(root / file.path, &content, &stamp);
    if (outcome == ReadOutcome::kMoving) reading.moving.insert(file.path);
    if (outcome == ReadOutcome::kUnreadable) {
      reading.warnings.push_back((root / file.path).string() +
                                 " is left out: it cannot be read; check its mode.");
    }
    if (outcome != ReadOutcome::kRead) continue;
    const TreeFile found{content_hash(content), file.executable};
    reading.tree[file.path] = found;
    known[file.path] = {stamp, found.hash, stamp.changed_ns + kCoarsestStamp < now};
    if (!had.contains({found.hash, found.executable}) && kept + content.size() <= kKeptContents) {
      kept += content.size();
      reading.contents[file.path] = std::move(content);
    }
  }
  known_ = std::move(known);
  return reading;
}

Tree tree_of_stamps(const Scan& scan) {
  Tree tree;
  for (const ScannedFile& file : scan.files) {
    const FileStamp& stamp = file.stamp;
    tree[file.path] = {std::to_string(stamp.inode) + "." + std::to_string(stamp.size) + "." +
                           std::to_string(stamp.modified_ns) + "." +
                           std::to_string(stamp.changed_ns),
                       file.executable};
  }
  return tree;
}

}  // namespace windlass::sources
