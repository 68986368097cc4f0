#include "source_tokens.hpp"

#include <algorithm>

namespace windlass::jobs::internal {
namespace {

bool is_of_word(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

class Scanner {
 public:
  explicit Scanner(std::string_view source) : source_(source) {}

  std::vector<Token> scan() {
    while (at_ < source_.size()) step();
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  void advance(std::size_t count) {
    const std::size_t end = std::min(source_.size(), at_ + count);
    for (; at_ < end; ++at_) {
      if (source_[at_] == '\n') {
        ++line_;
        is_line_begin_ = true;
      }
    }
  }
  void advance_behind(std::string_view mark) {
    const std::size_t found = source_.find(mark, at_);
    advance(found == std::string_view::npos ? source_.size() : found + mark.size() - at_);
  }

  void step() {
    const char c = peek();
    if (is_blank(c)) return advance(1);
    if (c == '/' && peek(1) == '/') return skip_line();
    if (c == '/' && peek(1) == '*') {
      advance(2);
      return advance_behind("*/");
    }
    if (c == '#' && is_line_begin_) return skip_line();
    is_line_begin_ = false;
    if (c == '"' || c == '\'') return skip_literal(c);
    if (is_of_word(c)) return take_word();
    tokens_.push_back({source_.substr(at_, 1), line_, false});
    advance(1);
  }

  /// To the end of the line, and of those that a backslash joins to it.
  void skip_line() {
    while (at_ < source_.size() && peek() != '\n') advance(peek() == '\\' ? 2 : 1);
  }

  void skip_literal(char quote) {
    advance(1);
    while (at_ < source_.size() && peek() != quote && peek() != '\n') {
      advance(peek() == '\\' ? 2 : 1);
    }
    advance(1);
  }

  void skip_raw_literal() {
    const std::size_t open = source_.find('(', at_);
    if (open == std::string_view::npos) return advance(source_.size());
    const std::string end = ")" + std::string(source_.substr(at_ + 1, open - at_ - 1)) + "\"";
    advance_behind(end);
  }

  void take_word() {
    std::size_t end = at_;
    // A number may have quotes between its digits.
    const bool is_number = peek() >= '0' && peek() <= '9';
    while (end < source_.size() &&
           (is_of_word(source_[end]) || (is_number && source_[end] == '\'')))
      ++end;
    const std::string_view word = source_.substr(at_, end - at_);
    const int line = line_;
    advance(word.size());
    if (peek() == '"' &&
        (word == "R" || word == "LR" || word == "uR" || word == "UR" || word == "u8R")) {
      return skip_raw_literal();
    }
    tokens_.push_back({word, line, true});
  }

  std::string_view source_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool is_line_begin_ = true;
  std::vector<Token> tokens_ = {};
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) {
  return Scanner(source).scan();
}

std::vector<std::string> quoted_includes(std::string_view source) {
  std::vector<std::string> files;
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  const auto strip = [&](std::string_view& text) {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  };
  while (!source.empty()) {
    const std::size_t end = std::min(source.find('\n'), source.size() - 1);
    std::string_view line = source.substr(0, end + 1);
    source.remove_prefix(end + 1);
    strip(line);
    if (!line.starts_with('#')) continue;
    line.remove_prefix(1);
    strip(line);
    if (!line.starts_with("include")) continue;
    line.remove_prefix(7);
    strip(line);
    const std::size_t close = line.starts_with('"') ? line.find('"', 1) : std::string_view::npos;
    if (close != std::string_view::npos) files.emplace_back(line.substr(1, close - 1));
  }
  return files;
}

}  // namespace windlass::jobs::internal
