#include "base/sealing_key.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"

namespace windlass {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestFile = 64 << 10;

struct Key {
  std::string bytes;
  std::string id;
};
using Keys = std::vector<Key>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<Key> parse_key(std::string_view hex) {
  Key key;
  key.bytes.resize(crypto_secretbox_KEYBYTES);
  std::size_t length = 0;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(key.bytes.data()), key.bytes.size(),
                     hex.data(), hex.size(), nullptr, &length, nullptr) != 0 ||
      length != crypto_secretbox_KEYBYTES || hex.size() != 2 * length) {
    return std::nullopt;
  }
  key.id = content_hash("windlass key id " + key.bytes).substr(0, 16);
  return key;
}

Result<std::string> read_key_text(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    return Error{"key.unsafe_mode", "Other accounts may read the key file " + file.string() +
                                        "; run `chmod 600` on it."};
  }
  auto text = read_file(file, kLargestFile);
  if (text.ok()) return text;
  return Error{"key.unreadable", "The key file " + file.string() + " cannot be read.",
               text.error().message};
}

Result<Keys> read_keys(const fs::path& file) {
  WL_TRY(const std::string text, read_key_text(file));
  Keys keys;
  for (const std::string_view line : split(strip(text), '\n')) {
    auto key = parse_key(strip(line));
    if (!key) {
      return Error{"key.invalid", "The key file " + file.string() +
                                      " does not hold 64 hexadecimal digits in each line."};
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

std::string new_key_line() {
  return random_hex(crypto_secretbox_KEYBYTES) + "\n";
}

/// Makes a rename or link durable: what is sealed soon must not outlive its key.
Result<void> sync_folder_of(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return file_error("Cannot write", folder);
  return ok();
}

/// Of several processes that make the key at once, one wins and the others use its key: link()
/// never replaces.
Result<void> create_key_file(const fs::path& file) {
  fs::path temporary = file;
  temporary += "." + random_hex(8) + ".new";
  WL_TRY_VOID(write_new_file(temporary, new_key_line(), 0600));
  const int failed = ::link(temporary.c_str(), file.c_str()) != 0 ? errno : 0;
  ::unlink(temporary.c_str());
  if (failed == 0) return sync_folder_of(file);
  if (failed == EEXIST) return ok();
  errno = failed;
  return file_error("Cannot create", file);
}

/// Lets one process at a time change the file. Freed when the process ends, however it ends.
Result<UniqueFd> lock_changes(const fs::path& file) {
  fs::path path = file;
  path += ".lock";
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return file_error("Cannot open", path);
  while (::flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return file_error("Cannot lock", path);
  }
  return fd;
}

Result<void> replace_keys(const fs::path& file, const std::string& text) {
  WL_TRY_VOID(replace_file(file, text, 0600));
  return sync_folder_of(file);
}

/// What tells one content of the file from another.
struct Stamp {
  ino_t inode = 0;
  off_t size = 0;
  timespec modified{};
  timespec changed{};
  bool operator==(const Stamp& other) const {
    const auto same = [](const timespec& a, const timespec& b) {
      return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
    };
    return inode == other.inode && size == other.size && same(modified, other.modified) &&
           same(changed, other.changed);
  }
};

std::optional<Stamp> stamp_of(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return Stamp{status.st_ino, status.st_size, status.st_mtim, status.st_ctim};
}

std::string box_of(std::string_view plain, const Key& key) {
  std::string box(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size(), '\0');
  auto* nonce = reinterpret_cast<unsigned char*>(box.data());
  random_bytes(nonce, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, bytes_of(plain), plain.size(), nonce,
                        bytes_of(key.bytes));
  return box;
}

}  // namespace

/// The keys read last, and the state of the file when they were.
struct SealingKey::Shared {
  Shared(fs::path path, Keys read, const std::optional<Stamp>& seen)
      : file(std::move(path)), keys(std::make_shared<const Keys>(std::move(read))), stamp(seen) {}

  const fs::path file;
  std::shared_ptr<const Keys> keys;
  std::optional<Stamp> stamp;
  std::mutex mutex;  ///< guards the two above

  /// The keys, read anew when the file has changed.
  std::shared_ptr<const Keys> current() {
    const std::lock_guard lock(mutex);
    const std::optional<Stamp> now = stamp_of(file);
    if (now == stamp) return keys;
    stamp = now;
    Result<Keys> read = read_keys(file);
    if (read.ok()) {
      keys = std::make_shared<const Keys>(*std::move(read));
    } else {
      log::error("The changed key file is not used; the keys read before go on.", read.error());
    }
    return keys;
  }

  std::shared_ptr<const Keys> known() {
    const std::lock_guard lock(mutex);
    return keys;
  }
};

namespace {

const Key* find_key(const Keys& keys, std::string_view id) {
  for (const Key& key : keys) {
    if (key.id == id) return &key;
  }
  return nullptr;
}

}  // namespace

Result<SealingKey> SealingKey::load_or_create(const fs::path& file) {
  std::error_code failure;
  if (!fs::exists(file, failure)) WL_TRY_VOID(create_key_file(file));
  // Looked at before the content is read: a change in between is found later.
  const std::optional<Stamp> stamp = stamp_of(file);
  WL_TRY(Keys keys, read_keys(file));
  return SealingKey(std::make_shared<Shared>(file, std::move(keys), stamp));
}

Result<void> SealingKey::add_key(const fs::path& file) {
  WL_TRY_VOID(load_or_create(file));
  WL_TRY(const UniqueFd lock, lock_changes(file));
  WL_TRY_VOID(read_keys(file));
  WL_TRY(const std::string text, read_key_text(file));
  return replace_keys(file, new_key_line() + text);
}

Result<void> SealingKey::forget_old_keys(const fs::path& file) {
  WL_TRY(const UniqueFd lock, lock_changes(file));
  WL_TRY(const std::string text, read_key_text(file));
  const auto lines = split(strip(text), '\n');
  if (lines.size() <= 2) return ok();
  return replace_keys(file,
                      std::string(strip(lines[0])) + "\n" + std::string(strip(lines[1])) + "\n");
}

std::string SealingKey::seal(std::string_view plain) const {
  const std::shared_ptr<const Keys> keys = shared_->current();
  return keys->front().id + ":" + base64_encode(box_of(plain, keys->front()));
}

Result<std::string> SealingKey::open(std::string_view sealed) const {
  const auto colon = sealed.find(':');
  const std::string_view id = sealed.substr(0, colon == std::string_view::npos ? 0 : colon);
  std::shared_ptr<const Keys> keys = shared_->known();
  const Key* key = find_key(*keys, id);
  if (key == nullptr) {
    keys = shared_->current();
    key = find_key(*keys, id);
  }
  if (key == nullptr) {
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
          box.size() - crypto_secretbox_NONCEBYTES, nonce, bytes_of(key->bytes)) != 0) {
    return damaged;
  }
  return plain;
}

std::string SealingKey::id() const {
  return shared_->known()->front().id;
}

}  // namespace windlass
