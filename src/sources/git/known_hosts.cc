#include "sources/git/known_hosts.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <libssh2.h>

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace windlass::sources {

namespace {

constexpr int kSshPort = 22;

/// One line: [marker] names type key [comment]
struct KnownKey {
  bool revoked = false;
  std::string type;
  std::string blob;
};

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = line.find_first_not_of(" \t\r", at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    at = end;
  }
  return words;
}

/// The name that a line has for the host: with its port unless that is the usual one.
std::string listed_name(const std::string& host, int port) {
  return port == kSshPort ? host : fmt::format("[{}]:{}", host, port);
}

/// Whether a hashed name, "|1|salt|hash", is that of the host. libssh2 knows how.
bool is_hash_of(std::string_view hashed, const std::string& name) {
  const std::unique_ptr<LIBSSH2_SESSION, int (*)(LIBSSH2_SESSION*)> session(
      libssh2_session_init_ex(nullptr, nullptr, nullptr, nullptr), libssh2_session_free);
  if (session == nullptr) return false;
  const std::unique_ptr<LIBSSH2_KNOWNHOSTS, void (*)(LIBSSH2_KNOWNHOSTS*)> hosts(
      libssh2_knownhost_init(session.get()), libssh2_knownhost_free);
  if (hosts == nullptr) return false;
  // The key does not matter here: another one is a mismatch, and that is a host that was found.
  const std::string line = std::string(hashed) + " ssh-rsa " + std::string(32, 'A');
  if (libssh2_knownhost_readline(hosts.get(), line.data(), line.size(),
                                 LIBSSH2_KNOWNHOST_FILE_OPENSSH) != 0)
    return false;
  const int found =
      libssh2_knownhost_check(hosts.get(), name.c_str(), "other", 5,
                              LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_RAW, nullptr);
  return found == LIBSSH2_KNOWNHOST_CHECK_MISMATCH || found == LIBSSH2_KNOWNHOST_CHECK_MATCH;
}

bool names_host(std::string_view names, const std::string& name) {
  bool named = false;
  for (std::string_view pattern : split(names, ',')) {
    if (pattern.starts_with("|1|")) {
      named = named || is_hash_of(pattern, name);
      continue;
    }
    const bool negated = pattern.starts_with('!');
    if (negated) pattern.remove_prefix(1);
    // Brackets are part of a name with a port, not of a pattern.
    std::string escaped;
    for (const char c : to_lower(pattern)) {
      if (c == '[' || c == '\\') escaped.push_back('\\');
      escaped.push_back(c);
    }
    if (::fnmatch(escaped.c_str(), name.c_str(), 0) != 0) continue;
    if (negated) return false;
    named = true;
  }
  return named;
}

std::vector<KnownKey> keys_of(std::string_view known_hosts, const std::string& host, int port) {
  const std::string name = listed_name(to_lower(host), port);
  std::vector<KnownKey> keys;
  for (const std::string_view line : split(known_hosts, '\n')) {
    auto words = words_of(line);
    if (words.empty() || words.front().front() == '#') continue;
    const bool revoked = words.front() == "@revoked";
    if (words.front().front() == '@') {
      if (!revoked) continue;
      words.erase(words.begin());
    }
    KnownKey key{revoked, "", ""};
    if (words.size() < 3 || !base64_decode(words[2], &key.blob)) continue;
    key.type = key_type(key.blob);
    if (key.type != words[1] || !names_host(words[0], name)) continue;
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

std::string key_type(std::string_view blob) {
  if (blob.size() < 4) return "";
  std::size_t size = 0;
  for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(blob[i]);
  return size <= 64 && size <= blob.size() - 4 ? std::string(blob.substr(4, size)) : "";
}

Result<void> check_host_key(std::string_view known_hosts, const std::string& host, int port,
                            const HostKey& key) {
  const std::string name = listed_name(to_lower(host), port);
  const std::string type = key_type(key.blob);
  const auto keys = keys_of(known_hosts, host, port);
  const auto same = [&](const KnownKey& known) { return known.blob == key.blob; };
  if (std::any_of(keys.begin(), keys.end(),
                  [&](const KnownKey& known) { return known.revoked && same(known); })) {
    return Error{"git.host_key",
                 fmt::format("The ssh host key of {} ({}, {}) is marked as revoked in the known "
                             "hosts; the server is not trusted.",
                             name, type, key.fingerprint)};
  }
  if (std::any_of(keys.begin(), keys.end(),
                  [&](const KnownKey& known) { return !known.revoked && same(known); }))
    return ok();
  const std::string line = fmt::format("{} {} {}", name, type, base64_encode(key.blob));
  const bool known =
      std::any_of(keys.begin(), keys.end(), [](const KnownKey& listed) { return !listed.revoked; });
  if (known) {
    return Error{
        "git.host_key",
        fmt::format(
            "The ssh host key of {} is another one than the known hosts have: {} with the "
            "fingerprint {}. Somebody may be between you and the server. If the server's "
            "administrator confirms this fingerprint, put this line in place of the old: {}",
            name, type, key.fingerprint, line)};
  }
  return Error{"git.host_key",
               fmt::format("The ssh host key of {} is not known: {} with the fingerprint {}. "
                           "Compare the fingerprint with the one that the server's administrator "
                           "publishes, then add this line to the known hosts of the repository: {}",
                           name, type, key.fingerprint, line)};
}

std::vector<std::string> known_key_types(std::string_view known_hosts, const std::string& host,
                                         int port) {
  std::vector<std::string> types;
  for (const KnownKey& key : keys_of(known_hosts, host, port)) {
    if (!key.revoked && std::find(types.begin(), types.end(), key.type) == types.end())
      types.push_back(key.type);
  }
  return types;
}

}  // namespace windlass::sources
