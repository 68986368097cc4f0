#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace windlass {

void random_bytes(void* out, std::size_t size);
/// `bytes` random bytes as lower-case hexadecimal text.
std::string random_hex(std::size_t bytes);
/// BLAKE2b-256 of the bytes as 64 hexadecimal digits. For contents and random tokens, not for
/// passwords.
std::string content_hash(std::string_view bytes);
/// Equal in constant time, for equally long texts.
bool constant_time_equal(std::string_view a, std::string_view b);

/// BLAKE2b-256 over many pieces.
class ContentHasher {
 public:
  ContentHasher();
  void add(std::string_view bytes);
  std::string hex();

 private:
  alignas(64) unsigned char state_[384];
};

/// argon2id, libsodium's interactive limits; the text holds salt and parameters. Error
/// `crypto.out_of_memory`.
Result<std::string> hash_password(std::string_view password);
bool verify_password(std::string_view stored, std::string_view password);

/// Seals values with one installation's key (XSalsa20-Poly1305). A sealed value is text that names
/// its key:
/// `<key id>:<base64>`. Thread-safe.
class SealingKey {
 public:
  /// Reads the key file, or makes one with mode 0600 when there is none.
  /// Errors: `key.unreadable`, `key.invalid`, `key.unsafe_mode` (others may read it).
  static Result<SealingKey> load_or_create(const std::filesystem::path& file);
  std::string seal(std::string_view plain) const;
  /// Errors: `key.other` (sealed with another key), `key.damaged`.
  Result<std::string> open(std::string_view sealed) const;
  const std::string& id() const { return id_; }

 private:
  std::string key_;
  std::string id_;
};

}  // namespace windlass
