#include "storage/sqlite/letter_case.h"

#include <locale.h>
#include <sqlite3.h>
#include <wctype.h>

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace windlass::sqlite {

namespace {

struct Letter {
  char32_t code = 0;
  std::size_t bytes = 0;  ///< 0: no UTF-8 here
};

/// The letter at the start of a text that does not begin in ASCII.
Letter first_letter(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
  if (bytes == 0 || text.size() < bytes || !is_valid_utf8(text.substr(0, bytes))) return {};
  char32_t code = lead & (0x7f >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  }
  return {code, bytes};
}

void append_utf8(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const char32_t lead = (0xff00U >> (more + 1)) & 0xffU;
  out += static_cast<char>(lead | (code >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80U | ((code >> (6 * i)) & 0x3fU));
}

char32_t fold(char32_t code) {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (locale == nullptr) return code;
  return static_cast<char32_t>(
      ::towlower_l(::towupper_l(static_cast<wint_t>(code), locale), locale));
}

bool is_ascii(char c) {
  return static_cast<signed char>(c) >= 0;
}

/// SQLite's lower() for one argument, which may be NULL.
void lower(sqlite3_context* context, int, sqlite3_value** arguments) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
  if (text == nullptr) return sqlite3_result_null(context);
  const std::string folded =
      fold_case({text, static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]))});
  sqlite3_result_text(context, folded.data(), static_cast<int>(folded.size()), SQLITE_TRANSIENT);
}

}  // namespace

std::string fold_case(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_ascii)) return to_lower(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto other = std::find_if_not(text.begin(), text.end(), is_ascii);
    const auto plain = static_cast<std::size_t>(other - text.begin());
    out += to_lower(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Letter letter = first_letter(text);
    if (letter.bytes == 0) {
      out += text[0];
    } else {
      append_utf8(out, fold(letter.code));
    }
    text.remove_prefix(std::max<std::size_t>(letter.bytes, 1));
  }
  return out;
}

void add_lower(SQLite::Database& database) {
  database.createFunction("lower", 1, true, nullptr, &lower);
}

}  // namespace windlass::sqlite
