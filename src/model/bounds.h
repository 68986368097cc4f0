#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/sanitiser.h"

namespace windlass {

/// Bytes of one message or console line; what is longer is cut (messages) or goes on in the next
/// entry (console).
inline constexpr std::size_t kLongestMessage = 64 << 10;
inline constexpr std::size_t kLongestTraceback = 256 << 10;

/// Valid UTF-8 without NUL, cut to `most` bytes with a note that says so.
std::string bounded(std::string_view text, std::size_t most = kLongestMessage);

/// The same without secrets. Known ones are taken out before the cut, which leaves no piece of
/// them.
std::string cleaned(const Sanitiser& sanitiser, std::string_view text,
                    std::size_t most = kLongestMessage);

}  // namespace windlass
