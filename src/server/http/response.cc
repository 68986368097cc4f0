#include "server/http/response.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace windlass::http {

Result<FileBody> FileBody::open(const std::filesystem::path& path) {
  const auto unreadable = [&](std::string detail) {
    return Error{"http.file_unreadable", "The file cannot be read.",
                 path.string() + ": " + std::move(detail)};
  };
  // O_NONBLOCK: opening a FIFO must not hold a handler thread until somebody writes to it.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return unreadable(std::strerror(errno));
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) return unreadable(std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return unreadable("not a regular file");
  return FileBody{std::move(fd), static_cast<std::uint64_t>(facts.st_size)};
}

Response& Response::set(std::string_view name, std::string_view value) {
  std::erase_if(headers, [&](const auto& header) { return same_header(header.first, name); });
  headers.emplace_back(name, value);
  return *this;
}

std::string_view Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_header(key, name)) return value;
  }
  return {};
}

Response Response::text(int status, std::string_view type, std::string text) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.body = std::move(text);
  return response;
}

Response Response::json(int status, std::string text) {
  return Response::text(status, "application/json", std::move(text));
}

Response Response::json(int status, const json::value& value) {
  return json(status, to_text(value));
}

Response Response::error(int status, std::string_view detail) {
  return json(status, json::value(json::object{{"detail", to_json_view(detail)}}));
}

Response Response::download(FileBody file, std::string_view type, std::string_view name) {
  Response response;
  response.headers.emplace_back("Content-Type", type);
  // RFC 6266: the extended form carries any name and needs no quoting.
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename*=UTF-8''" + percent_encode(name));
  response.file = std::move(file);
  return response;
}

Response Response::stream(std::unique_ptr<EventSource> events) {
  Response response;
  response.headers.emplace_back("Content-Type", "text/event-stream");
  // Reverse proxies that know it (nginx) pass the events on at once.
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.events = std::move(events);
  return response;
}

}  // namespace windlass::http
