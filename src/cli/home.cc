#include "cli/home.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

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

Result<void> make_folders(const Settings& settings) {
  WL_TRY_VOID(make_folder(settings.home));
  WL_TRY_VOID(make_folder(settings.home / "files"));
  WL_TRY_VOID(make_folder(settings.home / "run"));
  WL_TRY_VOID(make_folder(settings.in_home(settings.jobs_root)));
  const auto toml = settings.home / "windlass.toml";
  std::error_code failure;
  if (!std::filesystem::exists(toml, failure)) {
    const auto written = write_new_file(toml, settings_template(), 0600);
    if (!written.ok() && !std::filesystem::exists(toml, failure)) return written.error();
  }
  return ok();
}

}  // namespace

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
