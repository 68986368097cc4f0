#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace windlass {

/// Owns a file descriptor and closes it.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~UniqueFd() { reset(); }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

/// Error `file.io` with errno's text.
Error file_error(std::string_view action, const std::filesystem::path& path);

/// The whole file. Errors: `file.io`, `file.too_large` (more than `limit` bytes).
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 64 << 20);
/// The same from an open descriptor; `path` is for the message.
Result<std::string> read_all(int fd, const std::filesystem::path& path, std::size_t limit);
/// Whether a file must survive a crash of the machine (fsync) or can be made anew.
enum class Durable { kNo, kYes };
/// Writes a new file with this mode; `file.io` when it exists. On an error nothing is left.
Result<void> write_new_file(const std::filesystem::path& path, std::string_view content, int mode,
                            Durable durable = Durable::kYes);
/// Replaces the file in one step (temporary file beside it, fsync, rename). Error `file.io`.
Result<void> replace_file(const std::filesystem::path& path, std::string_view content, int mode);
/// Allows at least `mode` on the file or folder; nothing is taken away. Error `file.io`.
Result<void> allow_mode(const std::filesystem::path& path, int mode);
/// Makes the folder and its parents; an existing folder is fine. Error `file.io`.
Result<void> make_folder(const std::filesystem::path& path, int mode = 0700);
/// Size and modes aside: whether `path`, resolved, lies beneath `folder`, resolved.
bool lies_beneath(const std::filesystem::path& path, const std::filesystem::path& folder);

/// A folder in the system's temporary place, removed with its content at the end. For tests and
/// one-off commands, which see to it that a signal does not end them before (cli/signals.h).
class TemporaryFolder {
 public:
  /// Error `file.io`, naming the place.
  static Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;  ///< empty when moved from
};

}  // namespace windlass
