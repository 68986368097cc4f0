#include "engine/repository_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/text.h"
#include "sources/git/slug.h"

namespace windlass::engine {

namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestUrl = 2048;
constexpr std::size_t kLongestSecret = 64 << 10;
constexpr double kShortestPoll = 1;
constexpr double kLongestPoll = 1e9;
constexpr std::string_view kJobs = "extras.job";

/// Members of answers that clients send back, and cannot be set.
constexpr std::array<std::string_view, 21> kIgnored{
    "id",           "object_type",   "display",         "url",
    "natural_slug", "current_head",  "newest_head",     "sync_error",
    "last_synced",  "secret_kind",   "has_secret",      "has_webhook_secret",
    "last_sync",    "commit_url",    "created",         "last_updated",
    "notes_url",    "custom_fields", "computed_fields", "relationships",
    "tags"};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

struct TextRule {
  std::size_t longest = kLongestName;
  bool required = false;  ///< neither absent in a new record nor ever blank
  bool lines = false;     ///< may hold line ends
};

class Reader {
 public:
  Reader(const GitRepository& before, const json::object& body)
      : body_(body), is_new_(before.id.is_nil()) {
    read_.repository = before;
  }

  ReadRepository read() {
    GitRepository& repository = read_.repository;
    text("name", repository.name, {.required = true});
    slug();
    text("remote_url", repository.remote_url, {.longest = kLongestUrl, .required = true});
    branch();
    contents();
    poll_interval();
    python();
    text("username", repository.username, {});
    text("known_hosts", repository.known_hosts, {.longest = kLongestSecret, .lines = true});
    secret("token", read_.secrets.token);
    ssh_key();
    secret("webhook_secret", read_.secrets.webhook_secret);
    group();
    for (const auto& member : body_) {
      const std::string_view name(member.key().data(), member.key().size());
      if (known_.contains(name) || std::ranges::find(kIgnored, name) != kIgnored.end()) continue;
      refuse(name, "There is no such field.");
    }
    return std::move(read_);
  }

 private:
  const json::value* member(std::string_view name) {
    known_.emplace(name);
    return body_.if_contains(to_json_view(name));
  }

  void refuse(std::string_view name, std::string message) {
    read_.errors[std::string(name)].push_back(std::move(message));
  }

  /// The text that is given; nothing, with a message, when it is none.
  std::optional<std::string> given_text(std::string_view name, const TextRule& rule) {
    const json::value* value = member(name);
    if (value == nullptr) {
      if (rule.required && is_new_) refuse(name, "This field is required.");
      return std::nullopt;
    }
    if (value->is_null() && !rule.required) return "";
    if (value->is_null()) {
      refuse(name, "This field may not be null.");
      return std::nullopt;
    }
    // A command line may hold any bytes.
    if (!value->is_string() || !is_valid_utf8(to_view(value->get_string()))) {
      refuse(name, "Not a valid string.");
      return std::nullopt;
    }
    std::string given(strip(to_view(value->get_string())));
    if (given.empty() && rule.required) {
      refuse(name, "This field may not be blank.");
    } else if (utf8_length(given) > rule.longest) {
      refuse(name, fmt::format("Ensure this field has no more than {} characters.", rule.longest));
    } else if (std::ranges::any_of(given, [&](char c) {
                 return is_control(c) && !(rule.lines && (c == '\n' || c == '\r' || c == '\t'));
               })) {
      refuse(name, "Control characters are not allowed.");
    } else {
      return given;
    }
    return std::nullopt;
  }

  void text(std::string_view name, std::string& out, const TextRule& rule) {
    if (auto given = given_text(name, rule)) out = *std::move(given);
  }

  void slug() {
    std::string& slug = read_.repository.slug;
    const std::string before = slug;
    text("slug", slug, {});
    if (!is_new_) {
      if (slug != before && !slug.empty())
        refuse("slug", "A slug never changes: it is the package name of the repository's jobs.");
      slug = before;
      return;
    }
    if (read_.errors.contains("slug")) return;
    if (slug.empty()) {
      if (read_.repository.name.empty()) return;
      slug = sources::slug_of(read_.repository.name);
      if (slug.empty()) refuse("slug", "The name makes no slug; give one.");
    } else if (!sources::is_slug(slug)) {
      refuse("slug",
             fmt::format("\"{}\" cannot be a Python package: use letters, digits and _, a letter "
                         "first, no keyword of Python, 100 characters at most.",
                         slug));
    }
  }

  void branch() {
    std::string& branch = read_.repository.branch;
    const bool is_given = member("branch") != nullptr;
    text("branch", branch, {});
    if (!is_given) return;
    if (read_.errors.contains("branch")) return;
    if (std::string problem = reference_problem(branch); !problem.empty())
      refuse("branch", std::move(problem));
  }

  void contents() {
    const json::value* value = member("provided_contents");
    if (value == nullptr) return;
    const json::array* list = value->if_array();
    const bool jobs_alone = list != nullptr && list->size() == 1 && list->front().is_string() &&
                            to_view(list->front().get_string()) == kJobs;
    if (jobs_alone) {
      read_.repository.provided_contents = *value;
    } else {
      refuse("provided_contents",
             R"(Repositories provide jobs here: give ["extras.job"], or leave it out.)");
    }
  }

  void poll_interval() {
    const json::value* value = member("poll_interval");
    if (value == nullptr) return;
    const double seconds = value->is_number() ? value->to_number<double>() : std::nan("");
    if (!std::isfinite(seconds)) {
      refuse("poll_interval", "A valid number is required.");
    } else if (seconds != 0 && (seconds < kShortestPoll || seconds > kLongestPoll)) {
      refuse("poll_interval", "Give seconds, from 1 to 1000000000, or 0 for no syncs of its own.");
    } else {
      read_.repository.poll_interval = seconds;
    }
  }

  void python() {
    std::string& python = read_.repository.python;
    text("python", python, {.longest = kLongestUrl});
    if (python.find('/') != std::string::npos && !python.starts_with('/')) {
      refuse("python", "Give the name of an interpreter on PATH, or its whole path.");
    } else if (python.starts_with('-')) {
      refuse("python", "An interpreter's name cannot begin with a hyphen.");
    }
  }

  void secret(std::string_view name, std::optional<std::string>& out) {
    out = given_text(name, {.longest = kLongestSecret});
  }

  void ssh_key() {
    std::optional<std::string> key =
        given_text("ssh_key", {.longest = kLongestSecret, .lines = true});
    if (key && !key->empty()) {
      std::erase(*key, '\r');
      *key += '\n';
      const bool is_key = key->starts_with("-----BEGIN ") &&
                          key->find("PRIVATE KEY-----\n") != std::string::npos &&
                          key->ends_with("PRIVATE KEY-----\n");
      if (!is_key) {
        refuse("ssh_key",
               "Give a private key as ssh-keygen writes it, from its line -----BEGIN … "
               "PRIVATE KEY----- to its last.");
        key.reset();
      } else if (key->find("ENCRYPTED") != std::string::npos) {
        refuse("ssh_key",
               "The key has a passphrase; give one without (ssh-keygen -p removes it), "
               "since it is kept sealed.");
        key.reset();
      }
    }
    read_.secrets.ssh_key = std::move(key);
  }

  /// Secrets of the original stand in groups of their own.
  void group() {
    const json::value* value = member("secrets_group");
    if (value == nullptr || value->is_null()) return;
    refuse("secrets_group",
           "There are no groups of secrets here: leave it null and give a token or an ssh_key.");
  }

  const json::object& body_;
  const bool is_new_;
  std::set<std::string, std::less<>> known_;
  ReadRepository read_;
};

}  // namespace

ReadRepository read_repository(const GitRepository& before, const json::object& body) {
  return Reader(before, body).read();
}

// The rules of git-check-ref-format.
std::string reference_problem(std::string_view text) {
  if (text.empty()) return "This field may not be blank.";
  const bool wrong =
      text.find_first_of(" ~^:?*[\\") != std::string_view::npos ||
      std::ranges::any_of(text, is_control) || text.find("..") != std::string_view::npos ||
      text.find("@{") != std::string_view::npos || text.find("//") != std::string_view::npos ||
      text.find("/.") != std::string_view::npos || text.find(".lock/") != std::string_view::npos ||
      text.starts_with('-') || text.starts_with('/') || text.starts_with('.') ||
      text.ends_with('/') || text.ends_with('.') || text.ends_with(".lock") || text == "@";
  return wrong ? fmt::format("\"{}\" cannot be the name of a branch or tag.", text) : "";
}

std::string destination_of(std::string_view remote_url) {
  const std::string url = to_lower(strip(remote_url));
  const auto scheme_end = url.find("://");
  if (url.starts_with("file:")) return "";
  if (scheme_end == std::string::npos) {  // user@host:path, user@[::1]:path
    const auto bracket = url.find(']');
    const auto colon = url.find(':', bracket == std::string::npos ? 0 : bracket);
    const std::string_view host = std::string_view(url).substr(0, colon);
    return "ssh://" + std::string(host.substr(host.rfind('@') + 1));
  }
  const std::string scheme = url.substr(0, scheme_end);
  std::string_view authority = std::string_view(url).substr(scheme_end + 3);
  authority = authority.substr(0, authority.find('/'));
  authority = authority.substr(authority.rfind('@') + 1);
  if (scheme == "ssh" && authority.ends_with(":22")) authority.remove_suffix(3);
  return scheme + "://" + std::string(authority);
}

}  // namespace windlass::engine
