#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <string_view>

namespace windlass::sqlite {

/// The text with every letter as searches compare it: small, whatever its alphabet, and one form
/// for letters with several (σ and ς). Bytes that are no UTF-8 stay as they are. Where the C
/// library lacks the locale C.UTF-8, ASCII alone. Pure; thread-safe.
std::string fold_case(std::string_view text);

/// Has lower() of this connection be fold_case(); SQLite's own knows ASCII only.
void add_lower(SQLite::Database& database);

}  // namespace windlass::sqlite
