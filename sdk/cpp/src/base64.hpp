/// Base64 as RFC 4648 has it, with padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace windlass::jobs::internal {

bool is_base64_letter(char c);

void append_base64(std::string& out, std::string_view bytes);

/// None where `text` is no base64.
std::optional<std::string> base64_bytes(std::string_view text);

}  // namespace windlass::jobs::internal
