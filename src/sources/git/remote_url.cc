#include "sources/git/remote_url.h"

#include <algorithm>
#include <charconv>

#include "base/files.h"
#include "base/text.h"

namespace windlass::sources {

namespace fs = std::filesystem;

namespace {

Error refused(std::string sentence) {
  return {"git.url", std::move(sentence)};
}

/// What has a meaning to a shell, to Git or to a terminal has no place in a URL.
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte != 0x7f &&
         std::string_view("'\"\\`$;|<>?#*{}^").find(c) == std::string_view::npos;
}

bool is_host(std::string_view host) {
  const bool numeric = host.starts_with('[') && host.ends_with(']');
  if (numeric) host = host.substr(1, host.size() - 2);
  return !host.empty() && host.front() != '-' && std::all_of(host.begin(), host.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_' ||
           (numeric && c == ':');
  });
}

/// "host", "host:2222" or "[::1]:2222" into host and port.
Result<void> read_host(std::string_view text, RemoteUrl* url) {
  const auto bracket = text.find(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  url->host = to_lower(text.substr(0, colon));
  if (!is_host(url->host)) return refused("The URL of the repository names no valid host.");
  if (url->host.front() == '[') url->host = url->host.substr(1, url->host.size() - 2);
  if (colon == std::string_view::npos) return ok();
  const std::string_view port = text.substr(colon + 1);
  const auto [end, code] = std::from_chars(port.data(), port.data() + port.size(), url->port);
  if (code != std::errc() || end != port.data() + port.size() || url->port < 1 || url->port > 65535)
    return refused("The port in the URL of the repository is no number from 1 to 65535.");
  return ok();
}

Result<RemoteUrl> parse_authority(RemoteUrl url, std::string_view rest) {
  const auto slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  url.path = slash == std::string_view::npos ? "" : std::string(rest.substr(slash));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
    if (url.scheme != RemoteUrl::Scheme::kSsh || user.find(':') != std::string_view::npos) {
      return refused(
          "The URL of the repository holds a user name or password; take them out, and give them "
          "as "
          "the repository's user name and token, where they are kept sealed.");
    }
    url.user = std::string(user);
  }
  WL_TRY_VOID(read_host(authority, &url));
  if (url.path.size() < 2) return refused("The URL of the repository has no path after the host.");
  return url;
}

/// user@host:path
Result<RemoteUrl> parse_short(std::string_view text) {
  RemoteUrl url;
  url.scheme = RemoteUrl::Scheme::kSsh;
  const auto at = text.find('@');
  const auto colon = text.find(':', text.find(']') == std::string_view::npos ? 0 : text.find(']'));
  if (at == std::string_view::npos || at == 0 || colon == std::string_view::npos || colon < at) {
    return refused(
        "The URL of the repository is none that Windlass knows; use https://host/path, "
        "http://host/path, ssh://user@host/path, user@host:path or file:///path.");
  }
  url.user = std::string(text.substr(0, at));
  WL_TRY_VOID(read_host(text.substr(at + 1, colon - at - 1), &url));
  url.path = std::string(text.substr(colon + 1));
  if (url.path.empty()) return refused("The URL of the repository has no path after the host.");
  return url;
}

Result<RemoteUrl> parse_file(std::string_view rest) {
  RemoteUrl url;
  url.scheme = RemoteUrl::Scheme::kFile;
  url.path = percent_decode(rest);
  if (!url.path.starts_with('/') || url.path.find('\0') != std::string::npos)
    return refused("A file: URL of a repository has three slashes: file:///path/to/repository.");
  return url;
}

bool has_label(std::string_view host, std::string_view name) {
  const auto labels = split(host, '.');
  return std::any_of(labels.begin(), labels.end(),
                     [&](std::string_view label) { return label.find(name) != label.npos; });
}

}  // namespace

Result<RemoteUrl> parse_remote_url(std::string_view text) {
  using Scheme = RemoteUrl::Scheme;
  if (text.empty()) return refused("The repository needs a URL to be fetched from.");
  if (text.size() > 2000 || !is_valid_utf8(text))
    return refused("The URL of the repository is longer than 2,000 bytes, or no UTF-8.");
  const auto scheme_end = text.find("://");
  const std::string scheme = to_lower(text.substr(0, scheme_end));
  if (scheme_end != std::string_view::npos && scheme == "file")
    return parse_file(text.substr(scheme_end + 3));
  if (!std::all_of(text.begin(), text.end(), is_plain)) {
    return refused(
        "The URL of the repository holds a space, quote or other character that has no place "
        "there; "
        "a query (?) or fragment (#) is not taken either.");
  }
  if (scheme_end == std::string_view::npos) return parse_short(text);
  RemoteUrl url;
  if (scheme == "https") {
    url.scheme = Scheme::kHttps;
  } else if (scheme == "http") {
    url.scheme = Scheme::kHttp;
  } else if (scheme == "ssh") {
    url.scheme = Scheme::kSsh;
  } else {
    return refused("Repositories are fetched by https, http, ssh or file, not by \"" + scheme +
                   "\".");
  }
  return parse_authority(std::move(url), text.substr(scheme_end + 3));
}

Result<void> check_remote_url(std::string_view text, const std::vector<fs::path>& file_roots) {
  WL_TRY(const RemoteUrl url, parse_remote_url(text));
  if (url.scheme != RemoteUrl::Scheme::kFile) return ok();
  if (std::any_of(file_roots.begin(), file_roots.end(),
                  [&](const fs::path& root) { return lies_beneath(url.path, root); })) {
    return ok();
  }
  return refused(
      "Repositories of this machine are used only beneath the folders of the setting "
      "git_file_roots, and " +
      url.path + " is in none of them, or does not exist.");
}

std::string shown_url(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) {
    const auto at = text.rfind('@', text.find('/'));
    return to_valid_utf8(at == std::string_view::npos ? text : text.substr(at + 1));
  }
  const std::string_view scheme = text.substr(0, scheme_end + 3);
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  if (const auto at = rest.rfind('@', rest.find('/')); at != std::string_view::npos)
    rest.remove_prefix(at + 1);
  return to_valid_utf8(std::string(scheme) + std::string(rest));
}

std::string commit_link(std::string_view remote_url, std::string_view commit) {
  const auto url = parse_remote_url(remote_url);
  if (!url.ok() || url->scheme == RemoteUrl::Scheme::kFile || commit.empty()) return "";
  std::string_view between;
  if (has_label(url->host, "gitlab")) {
    between = "/-/commit/";
  } else if (has_label(url->host, "bitbucket")) {
    between = "/commits/";
  } else if (has_label(url->host, "github") || has_label(url->host, "gitea") ||
             has_label(url->host, "codeberg") || has_label(url->host, "forgejo")) {
    between = "/commit/";
  } else {
    return "";
  }
  std::string path = url->path.starts_with('/') ? url->path : "/" + url->path;
  while (path.ends_with('/')) path.pop_back();
  if (path.ends_with(".git")) path.resize(path.size() - 4);
  const bool plain = url->scheme == RemoteUrl::Scheme::kHttp;
  std::string link = (plain ? "http://" : "https://") + url->host;
  // The port of ssh is not that of the pages.
  if (url->port != 0 && url->scheme != RemoteUrl::Scheme::kSsh)
    link += ":" + std::to_string(url->port);
  return link + path + std::string(between) + std::string(commit);
}

}  // namespace windlass::sources
