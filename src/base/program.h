#pragma once

#include <string>
#include <string_view>

/// How a user calls this program: for sentences that name a command to paste.
namespace windlass::program {

/// The home that the command line named with --home, which every command named in a sentence then
/// needs too. Call once, before threads start.
void set_named_home(std::string_view home);

/// "jobs enable a.One" → "windlass --home DIR jobs enable a.One", without the option when no home
/// was named. Thread-safe.
std::string command(std::string_view arguments);

/// The text as one word of a POSIX shell: as it is, or quoted.
std::string shell_word(std::string_view text);

}  // namespace windlass::program
