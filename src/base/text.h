#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace windlass {

/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD; NUL too, since
/// databases cut there.
std::string to_valid_utf8(std::string_view text);
bool is_valid_utf8(std::string_view text);
/// Number of Unicode characters of valid UTF-8.
std::size_t utf8_length(std::string_view text);
/// The longest prefix of at most `bytes` bytes that cuts no character.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);
std::string_view strip(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// ASCII lower case.
std::string to_lower(std::string_view text);
/// A name for a file that came from elsewhere, to show and to label with: its last part, without
/// control characters, 255 bytes at most; "unnamed" when nothing is left. "C:\\x\\a.csv" → "a.csv"
std::string safe_file_name(std::string_view text);
/// Words of letters and digits joined by `-`, lower case: "My Job.X" → "my-job-x".
std::string slugify(std::string_view text);
/// Decodes %XX; '+' stays. Invalid escapes stay as they are.
std::string percent_decode(std::string_view text);
/// Encodes everything but unreserved characters (RFC 3986).
std::string percent_encode(std::string_view text);
std::string base64_encode(std::string_view bytes);
/// false when the text is no base64 (RFC 4648, with padding); then `bytes` is unchanged.
bool base64_decode(std::string_view text, std::string* bytes);

}  // namespace windlass
