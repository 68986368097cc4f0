#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/crypto.h"

namespace windlass {

namespace fs = std::filesystem;

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

Error file_error(std::string_view action, const fs::path& path) {
  return {"file.io", std::string(action) + " " + path.string() + ": " + std::strerror(errno) + "."};
}

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return file_error("Cannot open", path);
  return read_all(fd.get(), path, limit);
}

Result<std::string> read_all(int fd, const fs::path& path, std::size_t limit) {
  std::string content;
  char buffer[65536];
  while (true) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("Cannot read", path);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit) {
      return Error{"file.too_large",
                   path.string() + " is larger than " + std::to_string(limit) + " bytes."};
    }
  }
}

Result<void> write_new_file(const fs::path& path, std::string_view content, int mode,
                            Durable durable) {
  const UniqueFd fd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!fd) return file_error("Cannot create", path);
  while (!content.empty()) {
    const ssize_t put = ::write(fd.get(), content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      const Error error = file_error("Cannot write", path);
      ::unlink(path.c_str());
      return error;
    }
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  if (durable == Durable::kYes && ::fsync(fd.get()) != 0) {
    const Error error = file_error("Cannot write", path);
    ::unlink(path.c_str());
    return error;
  }
  return ok();
}

Result<void> replace_file(const fs::path& path, std::string_view content, int mode) {
  fs::path temporary = path;
  temporary += "." + random_hex(8) + ".new";
  WL_TRY_VOID(write_new_file(temporary, content, mode));
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = file_error("Cannot replace", path);
    ::unlink(temporary.c_str());
    return error;
  }
  return ok();
}

Result<void> make_folder(const fs::path& path, int mode) {
  std::error_code failure;
  if (fs::is_directory(path, failure)) return ok();
  if (path.has_parent_path() && path.parent_path() != path) {
    WL_TRY_VOID(make_folder(path.parent_path(), mode));
  }
  if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) != 0 && errno != EEXIST) {
    return file_error("Cannot make the folder", path);
  }
  if (!fs::is_directory(path, failure)) {
    return Error{"file.io", path.string() + " exists and is not a folder."};
  }
  return ok();
}

Result<void> allow_mode(const fs::path& path, int mode) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return file_error("Cannot look at", path);
  const mode_t allowed = found.st_mode & 07777;
  const mode_t wanted = allowed | static_cast<mode_t>(mode);
  if (wanted == allowed || ::chmod(path.c_str(), wanted) == 0) return ok();
  return file_error("Cannot set the mode of", path);
}

bool lies_beneath(const fs::path& path, const fs::path& folder) {
  std::error_code failure;
  const fs::path resolved = fs::weakly_canonical(path, failure);
  if (failure) return false;
  const fs::path base = fs::weakly_canonical(folder, failure);
  if (failure) return false;
  const auto mismatch = std::mismatch(base.begin(), base.end(), resolved.begin(), resolved.end());
  return mismatch.first == base.end();
}

Result<TemporaryFolder> TemporaryFolder::make() {
  std::error_code failure;
  const fs::path place = fs::temp_directory_path(failure);
  if (failure) {
    return Error{"file.io", "There is no place for temporary files: " + failure.message() +
                                "; let TMPDIR name a folder."};
  }
  std::string name = (place / "windlass-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return file_error("Cannot make a temporary folder (TMPDIR names another place) in", place);
  }
  return TemporaryFolder(name);
}

TemporaryFolder::~TemporaryFolder() {
  if (path_.empty()) return;
  std::error_code ignored;  // a leftover in the temporary place hurts nobody
  // Folders that were made read-only keep their content otherwise.
  for (fs::recursive_directory_iterator at(path_, ignored), end; at != end; at.increment(ignored)) {
    if (at->is_directory(ignored) && !at->is_symlink(ignored)) {
      fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
  }
  fs::remove_all(path_, ignored);
}

}  // namespace windlass
