#include "sources/scan.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDeepest = 64;

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](auto ending) { return name.ends_with(ending); });
}

FileStamp to_stamp(const struct stat& status) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return {status.st_dev, status.st_ino, status.st_size,
          status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec,
          status.st_ctim.tv_sec * kSecond + status.st_ctim.tv_nsec};
}

ScannedFile to_scanned(std::string path, const struct stat& status) {
  return {std::move(path), to_stamp(status), (status.st_mode & 0111) != 0};
}

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

std::optional<std::vector<std::string>> names_in(const fs::path& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> handle(::opendir(folder.c_str()), ::closedir);
  if (handle == nullptr) return std::nullopt;
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(handle.get())) {
    if (!is_left_out(entry->d_name)) names.emplace_back(entry->d_name);
  }
  return names;
}

class Walk {
 public:
  Walk(fs::path root, const EnterFolder& enter) : root_(std::move(root)), enter_(enter) {}

  /// False, with errno, when the folder itself cannot be listed.
  bool folder(const std::string& path, const struct stat& status) {
    if (std::find(trail_.begin(), trail_.end(), std::pair{status.st_dev, status.st_ino}) !=
            trail_.end() ||
        trail_.size() >= kDeepest) {
      return true;  // a link that leads back up
    }
    if (enter_) enter_(path);
    const auto names = names_in(root_ / path);
    if (!names) return false;
    // Virtual environments, and what CMake makes beside its sources.
    const bool made = std::any_of(names->begin(), names->end(), [](const std::string& name) {
      return name == "pyvenv.cfg" || name == "CMakeCache.txt";
    });
    if (made && !path.empty()) return true;
    trail_.emplace_back(status.st_dev, status.st_ino);
    for (const std::string& name : *names) entry(joined(path, name));
    trail_.pop_back();
    return true;
  }

  Scan finish(const struct stat& root) {
    std::sort(scan_.files.begin(), scan_.files.end(),
              [](const ScannedFile& a, const ScannedFile& b) { return a.path < b.path; });
    scan_.root = to_stamp(root);
    return std::move(scan_);
  }

 private:
  void entry(const std::string& path) {
    struct stat status {};
    if (::stat((root_ / path).c_str(), &status) != 0) {
      if (errno != ENOENT && errno != ELOOP) cannot_read(path);
    } else if (S_ISDIR(status.st_mode)) {
      if (!folder(path, status) && errno != ENOENT) cannot_read(path);
    } else if (S_ISREG(status.st_mode)) {
      scan_.files.push_back(to_scanned(path, status));
      scan_.bytes += static_cast<std::uint64_t>(status.st_size);
    }
  }
  void cannot_read(const std::string& path) {
    scan_.warnings.push_back((root_ / path).string() + " is left out: it cannot be read (" +
                             std::strerror(errno) + ").");
  }

  const fs::path root_;
  const EnterFolder& enter_;
  std::vector<std::pair<dev_t, ino_t>> trail_;  ///< the folders that lead to the current one
  Scan scan_;
};

}  // namespace

bool is_left_out(std::string_view name) {
  if (name.empty() || name.front() == '.' || name == "__pycache__" || name == "4913") return true;
  if (name.front() == '#' && name.back() == '#') return true;
  return ends_with_any(
      name, {".pyc", ".pyo", "~", ".swp", ".swo", ".swx", "___jb_tmp___", "___jb_old___"});
}

Result<Scan> scan_folder(const fs::path& root, const std::string& below, const EnterFolder& enter) {
  const fs::path start = below.empty() ? root : root / below;
  struct stat status {};
  const bool found = ::stat(start.c_str(), &status) == 0;
  if (!found || !S_ISDIR(status.st_mode)) {
    return Error{"sources.no_root",
                 "The folder of jobs " + start.string() + " " +
                     (found ? "is not a folder" : "cannot be found") +
                     "; make it, or name another one in the setting jobs_root.",
                 found ? "" : std::strerror(errno)};
  }
  Walk walk(root, enter);
  if (!walk.folder(below, status)) {
    return Error{"sources.unreadable",
                 "The folder of jobs " + start.string() +
                     " cannot be read; give Windlass' account the right to read it.",
                 std::strerror(errno)};
  }
  return walk.finish(status);
}

std::optional<ScannedFile> scan_file(const fs::path& root, const std::string& path) {
  struct stat status {};
  if (::stat((root / path).c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return to_scanned(path, status);
}

bool stamp_of(int fd, FileStamp* stamp) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  *stamp = to_stamp(status);
  return true;
}

}  // namespace windlass::sources
