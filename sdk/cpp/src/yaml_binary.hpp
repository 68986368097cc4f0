/// `!!binary`, as Python reads it.
#pragma once

#include <string>
#include <string_view>

namespace windlass::jobs::internal {

/// The bytes that base64 text stands for; what is no letter of base64 is passed over. Throws
/// BadYamlScalar for what is not ASCII, or incomplete.
std::string yaml_bytes(std::string_view text);

/// The bytes as UTF-8; what is none becomes U+FFFD, one for each beginning of a character.
std::string with_replacements(std::string_view bytes);

}  // namespace windlass::jobs::internal
