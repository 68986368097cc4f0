#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace windlass {

/// Seals values with one installation's key (XSalsa20-Poly1305). A sealed value is text that names
/// its key: `<key id>:<base64>`.
///
/// The key file holds keys of 64 hexadecimal digits, one a line: the first seals, all of them open.
/// Another process may replace it at any time: a change is looked for before each seal, and when a
/// value names a key that is not known. While the file cannot be read, the keys read last go on.
/// Thread-safe; copies share their keys.
class SealingKey {
 public:
  /// Reads the key file, or makes one with mode 0600 when there is none.
  /// Errors: `key.unreadable`, `key.invalid`, `key.unsafe_mode` (others may read it).
  static Result<SealingKey> load_or_create(const std::filesystem::path& file);

  /// Puts a new key before those of the file, in one step that survives a crash; one caller at a
  /// time (a lock file lies beside it). Errors as load_or_create, `file.io`.
  static Result<void> add_key(const std::filesystem::path& file);
  /// Leaves the first key and the one before it: everything else has been sealed anew.
  static Result<void> forget_old_keys(const std::filesystem::path& file);

  std::string seal(std::string_view plain) const;
  /// Errors: `key.other` (sealed with another key), `key.damaged`.
  Result<std::string> open(std::string_view sealed) const;
  /// Of the key that seals.
  std::string id() const;

 private:
  struct Shared;
  explicit SealingKey(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  std::shared_ptr<Shared> shared_;
};

}  // namespace windlass
