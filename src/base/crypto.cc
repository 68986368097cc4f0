#include "base/crypto.h"

#include <sodium.h>

#include <cstring>

namespace windlass {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void ensure_sodium() {
  static const bool ready = sodium_init() >= 0;
  WL_CHECK(ready, "libsodium could not be initialised");
}

std::string to_hex(const unsigned char* bytes, std::size_t size) {
  std::string hex(size * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes, size);
  hex.pop_back();
  return hex;
}

static_assert(sizeof(crypto_generichash_state) <= 384);

}  // namespace

void random_bytes(void* out, std::size_t size) {
  ensure_sodium();
  randombytes_buf(out, size);
}

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  random_bytes(raw.data(), raw.size());
  return to_hex(bytes_of(raw), raw.size());
}

std::string content_hash(std::string_view bytes) {
  unsigned char hash[32];
  crypto_generichash(hash, sizeof hash, bytes_of(bytes), bytes.size(), nullptr, 0);
  return to_hex(hash, sizeof hash);
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  crypto_auth_hmacsha256_state state;
  unsigned char mac[crypto_auth_hmacsha256_BYTES];
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(bytes), bytes.size());
  crypto_auth_hmacsha256_final(&state, mac);
  sodium_memzero(&state, sizeof state);
  return to_hex(mac, sizeof mac);
}

ContentHasher::ContentHasher() {
  crypto_generichash_init(reinterpret_cast<crypto_generichash_state*>(state_), nullptr, 0, 32);
}

void ContentHasher::add(std::string_view bytes) {
  crypto_generichash_update(reinterpret_cast<crypto_generichash_state*>(state_), bytes_of(bytes),
                            bytes.size());
}

std::string ContentHasher::hex() {
  unsigned char hash[32];
  crypto_generichash_final(reinterpret_cast<crypto_generichash_state*>(state_), hash, sizeof hash);
  return to_hex(hash, sizeof hash);
}

Result<std::string> hash_password(std::string_view password) {
  ensure_sodium();
  char stored[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str_alg(stored, password.data(), password.size(),
                            crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error{"crypto.out_of_memory",
                 "Hashing the password needs 64 MiB of memory, which the machine did not give."};
  }
  return std::string(stored);
}

bool verify_password(std::string_view stored, std::string_view password) {
  ensure_sodium();
  return crypto_pwhash_str_verify(std::string(stored).c_str(), password.data(), password.size()) ==
         0;
}

}  // namespace windlass
