#include "base/ids.h"

#include <cstring>
#include <mutex>

#include "base/crypto.h"

namespace windlass {

namespace {

constexpr char kHex[] = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr bool hyphen_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

std::string Uuid::to_string() const {
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (hyphen_before(i)) text.push_back('-');
    text.push_back(kHex[bytes[i] >> 4]);
    text.push_back(kHex[bytes[i] & 15]);
  }
  return text;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  const bool hyphens = text.size() == 36;
  if (!hyphens && text.size() != 32) return std::nullopt;
  Uuid id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (hyphens && hyphen_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_value(text[at++]);
    const int low = hex_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return id;
}

Uuid new_id(TimePoint now) {
  static std::mutex mutex;
  static std::uint64_t last_stamp = 0;
  Uuid id;
  random_bytes(id.bytes.data(), id.bytes.size());
  // 48 bits of milliseconds and 12 bits of the fraction (RFC 9562, 6.2, method 3), kept increasing.
  const auto micros = static_cast<std::uint64_t>(to_micros(now));
  std::uint64_t stamp = (micros / 1000) << 12 | (micros % 1000) * 4096 / 1000;
  {
    const std::lock_guard lock(mutex);
    if (stamp <= last_stamp) stamp = last_stamp + 1;
    last_stamp = stamp;
  }
  const std::uint64_t millis = stamp >> 12;
  for (int i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | ((stamp >> 8) & 0x0f));
  id.bytes[7] = static_cast<std::uint8_t>(stamp & 0xff);
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
  return id;
}

}  // namespace windlass
