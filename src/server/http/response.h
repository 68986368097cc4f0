#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/json.h"
#include "base/result.h"
#include "server/http/event_source.h"
#include "server/http/request.h"

namespace windlass::http {

/// An open file that is sent without loading it; what is appended to it later is not sent.
struct FileBody {
  UniqueFd fd;
  std::uint64_t size = 0;
  /// Opens a regular file. Error `http.file_unreadable`.
  static Result<FileBody> open(const std::filesystem::path& path);
};

/// What a handler answers: a status, headers and one body: `file` if set, else `events` if set,
/// else `body`. The server adds Content-Length or chunking, Date, Server, Connection and, where the
/// response sets none of that name, X-Content-Type-Options, Referrer-Policy and Cache-Control. Line
/// breaks in header values are sent as spaces.
struct Response {
  int status = 200;
  NamedValues headers;
  std::string body;
  std::optional<FileBody> file;
  std::unique_ptr<EventSource> events;

  /// Sets a header, in place of those of that name in any case.
  Response& set(std::string_view name, std::string_view value);
  /// First header of that name in any case; empty when there is none.
  std::string_view header(std::string_view name) const;

  /// `text` is JSON already.
  static Response json(int status, std::string text);
  static Response json(int status, const json::value& value);
  /// {"detail": detail}
  static Response error(int status, std::string_view detail);
  /// `type` is the whole Content-Type.
  static Response text(int status, std::string_view type, std::string text);
  /// A download that browsers keep under `name`.
  static Response download(FileBody file, std::string_view type, std::string_view name);
  /// text/event-stream.
  static Response stream(std::unique_ptr<EventSource> events);
};

/// Answers one request. Called on a handler thread, on many at once; may block. What it throws is
/// logged and becomes a 500.
using Handler = std::function<Response(Request&)>;

}  // namespace windlass::http
