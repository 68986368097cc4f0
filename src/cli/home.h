#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"
#include "base/sealing_key.h"
#include "config/settings.h"
#include "model/sanitiser.h"
#include "storage/storage.h"

namespace windlass::cli {

/// The opened home: folders, key and database. What every command that looks or acts needs. Owned
/// by the command.
struct Home {
  Settings settings;
  SystemClock clock;
  SealingKey key;
  Sanitiser sanitiser;  ///< with the setting's patterns
  std::unique_ptr<Storage> storage;
};

/// Of the home and of the folders in it that hold job code: 0700, or 0711 so that the account of
/// `job_user` gets through to what it may read.
int folder_mode(const Settings& settings);

/// Makes what is missing (folders of folder_mode() or 0700, a commented windlass.toml, the key, the
/// database), opens the rest and brings the database to this version. A home that was made by hand
/// is closed to other accounts at its first use, unless it holds other things too. Errors:
/// `file.io`, `key.*`, `storage.*`, `settings.invalid`.
Result<std::unique_ptr<Home>> open_home(const Settings& settings);

/// Keeps processes on one home apart: `start` alone, or any number of `runserver` and `worker`.
/// Freed by the system when the process ends, however it ends.
class HomeLock {
 public:
  /// Error `home.in_use` says what to do.
  static Result<HomeLock> take(const std::filesystem::path& home, bool alone);

 private:
  UniqueFd fd_;
};

}  // namespace windlass::cli
