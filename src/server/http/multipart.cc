#include "server/http/multipart.h"

#include <utility>

#include "base/text.h"
#include "server/http/request.h"

namespace windlass::http {

namespace {

constexpr std::size_t kMaxBoundary = 70;  // RFC 2046

Error invalid(std::string what) {
  return {"multipart.invalid", "The multipart/form-data body is damaged: " + std::move(what) + "."};
}

/// Reads `; key=value` or `; key="quoted \" value"` at the text's start; false at its end or on
/// nonsense.
bool take_parameter(std::string_view* text, std::string_view* key, std::string* value) {
  *text = strip(*text);
  if (text->empty() || text->front() != ';') return false;
  text->remove_prefix(1);
  const std::size_t equals = text->find_first_of("=;");
  if (equals == std::string_view::npos || (*text)[equals] != '=') return false;
  *key = strip(text->substr(0, equals));
  *text = strip(text->substr(equals + 1));
  value->clear();
  if (text->empty() || text->front() != '"') {
    const std::string_view plain = text->substr(0, text->find(';'));
    text->remove_prefix(plain.size());
    *value = strip(plain);
    return true;
  }
  for (std::size_t i = 1; i < text->size(); ++i) {
    const char c = (*text)[i];
    if (c == '"') {
      text->remove_prefix(i + 1);
      return true;
    }
    // Browsers send quotes as %22 and backslashes bare (in Windows names): only \" is an escape.
    if (c == '\\' && i + 1 < text->size() && (*text)[i + 1] == '"') ++i;
    value->push_back((*text)[i]);
  }
  return false;
}

/// Browsers escape these three in names, and nothing else (WHATWG).
std::string unescape_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view escape = name.substr(i, 3);
    if (escape == "%22" || escape == "%0D" || escape == "%0A") {
      out.push_back(escape == "%22" ? '"' : ' ');
      i += 2;
    } else {
      out.push_back(name[i]);
    }
  }
  return to_valid_utf8(out);
}

Result<std::string> boundary_of(std::string_view content_type) {
  const std::size_t semicolon = std::min(content_type.find(';'), content_type.size());
  if (same_header(strip(content_type.substr(0, semicolon)), "multipart/form-data")) {
    std::string_view rest = content_type.substr(semicolon);
    std::string_view key;
    std::string value;
    while (take_parameter(&rest, &key, &value)) {
      if (!same_header(key, "boundary")) continue;
      if (value.empty() || value.size() > kMaxBoundary) break;
      return value;
    }
  }
  return Error{
      "multipart.no_boundary",
      "The Content-Type has to be multipart/form-data with a boundary of 1 to 70 characters."};
}

Result<void> read_disposition(std::string_view value, Part* part) {
  const std::size_t semicolon = std::min(value.find(';'), value.size());
  if (!same_header(strip(value.substr(0, semicolon)), "form-data")) {
    return invalid("a part's Content-Disposition is not form-data");
  }
  std::string_view rest = value.substr(semicolon);
  std::string_view key;
  std::string text;
  bool named = false;
  while (take_parameter(&rest, &key, &text)) {
    if (same_header(key, "name")) {
      part->name = unescape_name(text);
      named = true;
    } else if (same_header(key, "filename")) {
      part->filename = unescape_name(text);
    } else if (same_header(key, "filename*") && text.size() > 7 &&
               same_header(std::string_view(text).substr(0, 7), "UTF-8''")) {
      part->filename = to_valid_utf8(percent_decode(std::string_view(text).substr(7)));
    }
  }
  if (!named) return invalid("a part has no name");
  return ok();
}

Result<void> read_headers(std::string_view headers, Part* part) {
  bool disposition = false;
  while (!headers.empty()) {
    const std::size_t end = std::min(headers.find("\r\n"), headers.size());
    const std::string_view line = headers.substr(0, end);
    headers.remove_prefix(std::min(end + 2, headers.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return invalid("a part's header line has no colon");
    const std::string_view value = strip(line.substr(colon + 1));
    if (same_header(line.substr(0, colon), "Content-Disposition")) {
      if (std::exchange(disposition, true)) return invalid("a part has two Content-Dispositions");
      WL_TRY_VOID(read_disposition(value, part));
    } else if (same_header(line.substr(0, colon), "Content-Type")) {
      part->content_type = to_valid_utf8(value);
    }
  }
  if (!disposition) return invalid("a part has no Content-Disposition");
  return ok();
}

}  // namespace

Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body,
                                          const MultipartLimits& limits) {
  WL_TRY(const std::string boundary, boundary_of(content_type));
  const std::string delimiter = "\r\n--" + boundary;
  // The first delimiter has no line break before it unless a preamble precedes it.
  std::size_t at = delimiter.size() - 2;
  if (!body.starts_with(std::string_view(delimiter).substr(2))) {
    const std::size_t found = body.find(delimiter);
    if (found == std::string_view::npos) return invalid("the boundary does not occur");
    at = found + delimiter.size();
  }
  std::vector<Part> parts;
  while (!body.substr(at).starts_with("--")) {
    // Blanks may stand between a boundary and its line break.
    while (at < body.size() && (body[at] == ' ' || body[at] == '\t')) ++at;
    if (!body.substr(at).starts_with("\r\n")) return invalid("a boundary is followed by text");
    if (parts.size() == limits.parts) {
      return Error{"multipart.too_many_parts",
                   "Send at most " + std::to_string(limits.parts) + " parts."};
    }
    at += 2;
    const std::string_view window = body.substr(at, limits.header_bytes + 4);
    const std::size_t headers = window.find("\r\n\r\n");
    if (headers == std::string_view::npos) {
      if (window.size() == limits.header_bytes + 4) {
        return Error{"multipart.header_too_large", "The headers of a part have at most " +
                                                       std::to_string(limits.header_bytes) +
                                                       " bytes."};
      }
      return invalid("a part's headers do not end");
    }
    Part part;
    WL_TRY_VOID(read_headers(window.substr(0, headers), &part));
    // The empty line's break may be the delimiter's own, when the part is empty.
    const std::size_t content = at + headers + 4;
    const std::size_t end = body.find(delimiter, content - 2);
    if (end == std::string_view::npos) return invalid("the last boundary is missing");
    if (end >= content) part.content = body.substr(content, end - content);
    parts.push_back(std::move(part));
    at = end + delimiter.size();
  }
  return parts;
}

}  // namespace windlass::http
