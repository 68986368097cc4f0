#include "cli/home.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/log.h"
#include "base/program.h"
#include "storage/sqlite/open.h"

namespace windlass::cli {

namespace {

/// The file of a `sqlite:FILE` URL.
Result<std::filesystem::path> database_file(const Settings& settings) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!settings.database.starts_with(kScheme) || settings.database.size() == kScheme.size()) {
    return Error{"settings.invalid",
                 "The setting database must be sqlite:FILE; other databases are not supported."};
  }
  return settings.in_home(settings.database.substr(kScheme.size()));
}

/// Whether the folder holds nothing but what is put into a home before its first use; else it may
/// serve other purposes too, and its mode is not ours to change.
bool is_only_a_home(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::directory_iterator at(folder, failure);
  for (; !failure && at != std::filesystem::directory_iterator(); at.increment(failure)) {
    const auto name = at->path().filename();
    if (name != "jobs" && name != "windlass.toml") return false;
  }
  return !failure;
}

/// A folder that was made by hand is closed to other accounts before anything secret comes into
/// it. Later on its mode is its owner's decision. `job_user` must get through to the sources.
void close_to_others(const Settings& settings) {
  const std::filesystem::path& home = settings.home;
  std::error_code failure;
  if (std::filesystem::exists(home / "run", failure)) return;  // used before
  struct stat found {};
  if (::stat(home.c_str(), &found) != 0) return;  // what comes next tells
  const mode_t mode = found.st_mode & 07777;
  const mode_t wanted = mode & static_cast<mode_t>(folder_mode(settings));
  if (mode == wanted) return;
  const std::string octal = fmt::format("{:04o}", wanted);
  if (is_only_a_home(home) && ::chmod(home.c_str(), wanted) == 0) {
    log::info("The home was open to other accounts and is closed to them now",
              {{"home", home.string()}, {"mode", octal}});
    return;
  }
  log::warning(fmt::format("Other accounts may look into the home; close it with `chmod {} {}`",
                           octal, program::shell_word(home.string())));
}

Result<void> make_folders(const Settings& settings) {
  WL_TRY_VOID(make_folder(settings.home, folder_mode(settings)));
  close_to_others(settings);
  WL_TRY_VOID(make_folder(settings.home / "files"));
  WL_TRY_VOID(make_folder(settings.home / "run"));
  WL_TRY_VOID(make_folder(settings.in_home(settings.jobs_root)));
  if (!settings.job_user.empty()) {
    for (const char* code : {"sources", "git", "native", "sdk"}) {
      WL_TRY_VOID(make_folder(settings.home / code));
      WL_TRY_VOID(allow_mode(settings.home / code, folder_mode(settings)));
    }
  }
  const auto toml = settings.home / "windlass.toml";
  std::error_code failure;
  if (!std::filesystem::exists(toml, failure)) {
    const auto written = write_new_file(toml, settings_template(), 0600);
    if (!written.ok() && !std::filesystem::exists(toml, failure)) return written.error();
  }
  return ok();
}

}  // namespace

int folder_mode(const Settings& settings) {
  return settings.job_user.empty() ? 0700 : 0711;
}

Result<std::unique_ptr<Home>> open_home(const Settings& settings) {
  WL_TRY(Sanitiser sanitiser, Sanitiser::with_patterns(settings.sanitiser_patterns));
  WL_TRY_VOID(make_folders(settings));
  WL_TRY(SealingKey key, SealingKey::load_or_create(settings.in_home(settings.secret_key_file)));
  auto home = std::make_unique<Home>(
      Home{settings, SystemClock{}, std::move(key), std::move(sanitiser), nullptr});
  SqliteOptions options;
  WL_TRY(options.database, database_file(settings));
  options.files = settings.home / "files";
  options.wake = settings.home / "run";
  WL_TRY(home->storage, open_sqlite(options, home->clock));
  WL_TRY_VOID(home->storage->migrate());
  return home;
}

Result<HomeLock> HomeLock::take(const std::filesystem::path& home, bool alone) {
  const auto file = home / "windlass.lock";
  HomeLock lock;
  lock.fd_ = UniqueFd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.fd_) return file_error("Cannot open", file);
  if (::flock(lock.fd_.get(), (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return file_error("Cannot lock", file);
  return Error{"home.in_use", alone
                                  ? "Another windlass process serves the home " + home.string() +
                                        "; stop it first, or name another home with --home."
                                  : "`windlass start` serves the home " + home.string() +
                                        " alone; stop it first, or name another home with --home."};
}

}  // namespace windlass::cli
