/// Base64 as RFC 4648 has it, with padding.
#pragma once

#include <string>
#include <string_view>

namespace windlass::jobs::internal {

bool is_base64_letter(char c);

void append_base64(std::string& out, std::string_view bytes);

}  // namespace windlass::jobs::internal
