#include "server/http/form.h"

#include <algorithm>

#include "base/text.h"

namespace windlass::http {

namespace {

std::string decode(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', ' ');
  return to_valid_utf8(percent_decode(plain));
}

}  // namespace

Result<NamedValues> parse_form(std::string_view text, std::size_t max_fields) {
  NamedValues fields;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (piece.empty()) continue;
    if (fields.size() == max_fields) {
      return Error{"http.too_many_fields",
                   "Send at most " + std::to_string(max_fields) + " form fields or query values."};
    }
    const std::size_t equals = std::min(piece.find('='), piece.size());
    fields.emplace_back(decode(piece.substr(0, equals)),
                        decode(piece.substr(std::min(equals + 1, piece.size()))));
  }
  return fields;
}

}  // namespace windlass::http
