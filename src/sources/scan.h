#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace windlass::sources {

/// What tells, without reading, that a file may have changed.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  ///< ctime: cannot be set back

  bool operator==(const FileStamp&) const = default;
};

struct ScannedFile {
  std::string path;  ///< beneath the root, with '/'
  FileStamp stamp;
  bool executable = false;
};

struct Scan {
  std::vector<ScannedFile> files;  ///< by path
  FileStamp root;                  ///< device and inode tell whether it is still the same folder
  std::uint64_t bytes = 0;
  std::vector<std::string> warnings;  ///< what could not be read, as sentences
};

/// Whether a file or folder of this name is no source: dot files, caches, what editors drop beside
/// the file being edited.
bool is_left_out(std::string_view name);

/// Called with each folder's path beneath the root ("" for the root) before it is listed.
using EnterFolder = std::function<void(const std::string& path)>;

/// Lists the regular files beneath `root`/`below` that are source, reading none of them. Symbolic
/// links are followed; loops, links to nothing, sockets, pipes, devices and virtual environments
/// (folders with a pyvenv.cfg) and build folders of CMake
/// (with a CMakeCache.txt) are left out. Paths are beneath `root`. Errors: `sources.no_root`,
/// `sources.unreadable`, for the starting folder alone.
Result<Scan> scan_folder(const std::filesystem::path& root, const std::string& below = "",
                         const EnterFolder& enter = nullptr);

/// The stamp of an open file or of a path (links followed); nullopt when it is gone or no regular
/// file.
std::optional<ScannedFile> scan_file(const std::filesystem::path& root, const std::string& path);
/// Fills the stamp from an open descriptor; false when it is no regular file.
bool stamp_of(int fd, FileStamp* stamp);

}  // namespace windlass::sources
