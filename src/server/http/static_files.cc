#include "server/http/static_files.h"

#include <zlib.h>

#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"

namespace windlass::http {

namespace {

constexpr std::string_view kPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

std::string_view type_of(std::string_view path) {
  struct Type {
    std::string_view ending;
    std::string_view name;
  };
  static constexpr Type kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
  };
  for (const Type& type : kTypes) {
    if (path.ends_with(type.ending)) return type.name;
  }
  return "application/octet-stream";
}

/// Whether an Accept-Encoding header takes gzip.
bool takes_gzip(std::string_view header) {
  for (const std::string_view item : split(header, ',')) {
    const auto semicolon = item.find(';');
    const std::string name = to_lower(strip(item.substr(0, semicolon)));
    if (name != "gzip" && name != "*") continue;
    std::string_view weight =
        semicolon == std::string_view::npos ? "" : strip(item.substr(semicolon + 1));
    if (!weight.starts_with("q=0")) return true;
    weight.remove_prefix(3);
    return weight.find_first_not_of(".0") != std::string_view::npos;
  }
  return false;
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  const auto tags = split(if_none_match, ',');
  return std::any_of(tags.begin(), tags.end(), [&](std::string_view item) {
    item = strip(item);
    if (item.starts_with("W/")) item.remove_prefix(2);
    return item == "*" || item == tag;
  });
}

std::string unpack(std::string_view packed) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  z_stream stream{};
  WL_CHECK(inflateInit2(&stream, kGzipOnly) == Z_OK, "zlib has memory");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  int outcome = Z_OK;
  while (outcome == Z_OK) {
    char piece[1 << 15];
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    outcome = inflate(&stream, Z_NO_FLUSH);
    out.append(piece, sizeof piece - stream.avail_out);
  }
  inflateEnd(&stream);
  WL_CHECK(outcome == Z_STREAM_END, "a file that the program carries is damaged");
  return out;
}

}  // namespace

StaticFiles::StaticFiles(const std::vector<StaticFile>& files) {
  constexpr std::size_t kEnough = 32;
  for (const StaticFile& file : files) {
    files_[std::string(file.path)] = {file, content_hash(file.content).substr(0, kEnough)};
  }
}

Response StaticFiles::serve(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    Response refusal = Response::error(405, "Pages are only read: use GET or HEAD.");
    return std::move(refusal.set("Allow", "GET, HEAD"));
  }
  const std::string path =
      percent_decode(std::string_view(request.path).substr(request.path.starts_with('/') ? 1 : 0));
  const bool known = files_.contains(path) || path.starts_with("assets/");
  return serve_file(request, known ? path : "index.html");
}

Response StaticFiles::serve_file(const Request& request, std::string_view name) const {
  const auto found = files_.find(name);
  if (found == files_.end()) return Response::error(404, "Not found.");
  const auto& [file, hash] = found->second;
  const bool packed = file.gzip && takes_gzip(request.header("Accept-Encoding"));
  const std::string tag = "\"" + hash + (packed ? "-gzip\"" : "\"");
  Response response;
  response.set("ETag", tag);
  response.set("Cache-Control",
               name.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.gzip) response.set("Vary", "Accept-Encoding");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "same-origin");
  if (name.ends_with(".html")) response.set("Content-Security-Policy", kPolicy);
  if (names_tag(request.header("If-None-Match"), tag)) {
    response.status = 304;
    return response;
  }
  response.set("Content-Type", type_of(name));
  if (packed) response.set("Content-Encoding", "gzip");
  response.body = file.gzip && !packed ? unpack(file.content) : std::string(file.content);
  return response;
}

}  // namespace windlass::http
