#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace windlass::http {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// Whether two header names are the same, in any (ASCII) case.
bool same_header(std::string_view a, std::string_view b);

/// One HTTP request, whole: a handler sees it after its body has arrived.
/// Owned by the connection and used by one handler at a time; the handler may move parts out of it.
/// All texts but `body` are valid UTF-8 (wrong bytes became U+FFFD), so they can go into JSON and
/// into a database.
struct Request {
  std::string method;
  /// As sent, still percent-encoded, without the query: "/api/extras/jobs/a%2Fb/run/".
  std::string path;
  /// The text after '?', as sent, without the '?'.
  std::string query_text;
  /// The query decoded ('+' and %XX), in order; a name may stand several times.
  NamedValues query;
  /// In order, names as sent.
  NamedValues headers;
  std::string body;
  /// The peer's IP address.
  std::string remote;
  /// The pattern of the matched route, and the places of it, decoded. Empty in not_found handlers.
  std::string_view route;
  std::vector<std::pair<std::string_view, std::string>> params;

  /// First header of that name in any case; empty when there is none.
  std::string_view header(std::string_view name) const;
  /// The place `{name}` of the route's pattern; asking for one that the pattern lacks is a broken
  /// promise.
  const std::string& param(std::string_view name) const;
  /// First query value of that name.
  std::optional<std::string_view> query_value(std::string_view name) const;
};

}  // namespace windlass::http
