#pragma once

#include <cstddef>
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

/// HMAC-SHA256 of the bytes as 64 lower-case hexadecimal digits; the key is of any length.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

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

}  // namespace windlass
