#include "yaml_binary.hpp"

#include <algorithm>
#include <cstdint>
#include <windlass/jobs/hosting.hpp>

#include "base64.hpp"
#include "utf8.hpp"
#include "yaml_scalar.hpp"

namespace windlass::jobs::internal {
namespace {

/// The bytes of a beginning that could become a character, at least 1.
std::size_t broken_length(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t offset) {
    return at + offset < bytes.size() ? static_cast<unsigned char>(bytes[at + offset]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0xC2 || first > 0xF4) return 1;
  const unsigned least = first == 0xE0 ? 0xA0U : first == 0xF0 ? 0x90U : 0x80U;
  const unsigned most = first == 0xED ? 0x9FU : first == 0xF4 ? 0x8FU : 0xBFU;
  if (byte(1) < least || byte(1) > most) return 1;
  return first >= 0xF0 && (byte(2) & 0xC0U) == 0x80U ? 3 : 2;
}

}  // namespace

std::string yaml_bytes(std::string_view text) {
  static constexpr std::string_view kPadding = "===";
  if (std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; })) {
    throw BadYamlScalar(text, "is no base64: it has characters that are not ASCII");
  }
  std::string letters;
  std::size_t pads = 0;
  for (const char c : text) {
    if (c == '=') {
      const std::size_t place = letters.size() % 4;
      if (place >= 2 && place + ++pads >= 4) break;
    } else if (is_base64_letter(c)) {
      pads = 0;
      letters += c;
    }
  }
  const std::size_t missing = (4 - letters.size() % 4) % 4;
  if (missing > pads) throw BadYamlScalar(text, "is no base64: its end is missing");
  letters.append(kPadding.substr(0, missing));
  return base64_bytes(letters).value_or("");
}

std::string with_replacements(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = character_length(bytes, at);
    if (length != 0) {
      text.append(bytes, at, length);
      at += length;
    } else {
      text += "\xEF\xBF\xBD";
      at += broken_length(bytes, at);
    }
  }
  return text;
}

}  // namespace windlass::jobs::internal
