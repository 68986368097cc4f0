#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace windlass {

/// A UUID, 16 bytes in network order. Nil (all zero) means none.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  bool is_nil() const { return *this == Uuid{}; }
  /// "0190f3a1-…", lower case, 36 characters.
  std::string to_string() const;
  /// Takes 36 characters with hyphens or 32 without, any case; nullopt for anything else.
  static std::optional<Uuid> parse(std::string_view text);
};

/// A new UUIDv7 (RFC 9562): ordered by `now` in milliseconds, then random. Within one process
/// strictly increasing. Thread-safe.
Uuid new_id(TimePoint now);

}  // namespace windlass
