#include "sources/git/library.h"

#include <libssh2.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "sources/git/connection.h"

namespace windlass::sources {

namespace {

constexpr std::size_t kLargestObject = std::size_t{1} << 30;

void use_certificates() {
  const char* chosen = std::getenv("SSL_CERT_FILE");
  const std::string file =
      chosen != nullptr && *chosen != '\0' ? chosen : "/etc/ssl/certs/ca-certificates.crt";
  // Without a readable file no certificate is taken for valid.
  if (::access(file.c_str(), R_OK) == 0)
    git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file.c_str(), nullptr);
}

bool prepare() {
  WL_CHECK(git_libgit2_init() > 0, "libgit2 cannot be started");
  WL_CHECK(libssh2_init(0) == 0, "libssh2 cannot be started");
  for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
                          GIT_CONFIG_LEVEL_PROGRAMDATA}) {
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  }
  git_libgit2_opts(GIT_OPT_SET_TEMPLATE_PATH, "");
  git_libgit2_opts(GIT_OPT_SET_USER_AGENT, "Windlass");
  // Whose files a file: URL may lead to is said by git_file_roots; nothing in them is executed.
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  // What is unpacked of one object lies in memory.
  git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, kLargestObject);
  use_certificates();
  use_watched_connections();
  return true;
}

}  // namespace

void prepare_git() {
  static const bool prepared = prepare();
  WL_CHECK(prepared, "libgit2 is ready");
}

std::string git_said() {
  const git_error* last = git_error_last();
  std::string text = last != nullptr && last->message != nullptr ? last->message : "";
  text = to_valid_utf8(text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return std::string(strip(text));
}

Error git_failed(std::string sentence) {
  return {"git.failed", std::move(sentence), git_said()};
}

std::string to_text(const git_oid& id) {
  std::string text(GIT_OID_HEXSZ, '0');
  git_oid_fmt(text.data(), &id);
  return text;
}

bool from_text(std::string_view text, git_oid* id) {
  return text.size() == GIT_OID_HEXSZ && git_oid_fromstrn(id, text.data(), text.size()) == 0;
}

}  // namespace windlass::sources
