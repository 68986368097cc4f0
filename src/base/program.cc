#include "base/program.h"

#include <algorithm>
#include <cctype>

namespace windlass::program {

namespace {

std::string& home_option() {
  static std::string option;
  return option;
}

}  // namespace

void set_named_home(std::string_view home) {
  home_option() = home.empty() ? "" : "--home " + shell_word(home) + " ";
}

std::string command(std::string_view arguments) {
  return "windlass " + home_option() + std::string(arguments);
}

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_-./:@%+=,").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace windlass::program
