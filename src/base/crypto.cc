#include "base/crypto.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "base/text.h"

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

/// Of several processes that make the key at once, one wins and the others use its key: link()
/// never replaces.
Result<void> create_key_file(const std::filesystem::path& file) {
  std::filesystem::path temporary = file;
  temporary += "." + random_hex(8) + ".new";
  WL_TRY_VOID(write_new_file(temporary, random_hex(crypto_secretbox_KEYBYTES) + "\n", 0600));
  const int failed = ::link(temporary.c_str(), file.c_str()) != 0 ? errno : 0;
  ::unlink(temporary.c_str());
  if (failed == 0 || failed == EEXIST) return ok();
  errno = failed;
  return file_error("Cannot create", file);
}

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

Result<SealingKey> SealingKey::load_or_create(const std::filesystem::path& file) {
  ensure_sodium();
  std::error_code failure;
  if (!std::filesystem::exists(file, failure)) WL_TRY_VOID(create_key_file(file));
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    return Error{"key.unsafe_mode", "Other accounts may read the key file " + file.string() +
                                        "; run `chmod 600` on it."};
  }
  auto text = read_file(file, 4096);
  if (!text.ok()) {
    return Error{"key.unreadable", "The key file " + file.string() + " cannot be read.",
                 text.error().message};
  }
  const std::string_view hex = strip(*text);
  SealingKey key;
  key.key_.resize(crypto_secretbox_KEYBYTES);
  std::size_t length = 0;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(key.key_.data()), key.key_.size(), hex.data(),
                     hex.size(), nullptr, &length, nullptr) != 0 ||
      length != crypto_secretbox_KEYBYTES || hex.size() != 2 * length) {
    return Error{"key.invalid",
                 "The key file " + file.string() + " does not hold 64 hexadecimal digits."};
  }
  key.id_ = content_hash("windlass key id " + key.key_).substr(0, 16);
  return key;
}

std::string SealingKey::seal(std::string_view plain) const {
  std::string box(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size(), '\0');
  auto* nonce = reinterpret_cast<unsigned char*>(box.data());
  randombytes_buf(nonce, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, bytes_of(plain), plain.size(), nonce,
                        bytes_of(key_));
  return id_ + ":" + base64_encode(box);
}

Result<std::string> SealingKey::open(std::string_view sealed) const {
  const auto colon = sealed.find(':');
  if (colon == std::string_view::npos || sealed.substr(0, colon) != id_) {
    return Error{"key.other",
                 "A sealed value was sealed with another key than secret_key_file holds."};
  }
  const Error damaged{"key.damaged", "A sealed value is damaged and cannot be opened."};
  std::string box;
  constexpr std::size_t kOverhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (!base64_decode(sealed.substr(colon + 1), &box) || box.size() < kOverhead) return damaged;
  std::string plain(box.size() - kOverhead, '\0');
  const auto* nonce = bytes_of(box);
  if (crypto_secretbox_open_easy(
          reinterpret_cast<unsigned char*>(plain.data()), nonce + crypto_secretbox_NONCEBYTES,
          box.size() - crypto_secretbox_NONCEBYTES, nonce, bytes_of(key_)) != 0) {
    return damaged;
  }
  return plain;
}

}  // namespace windlass
