/// Text to Json: strict, by recursive descent with a limit to the depth.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <windlass/jobs/json.hpp>

#include "utf8.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

class Parser {
 public:
  Parser(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  Json whole() {
    Json found = value(0);
    skip_space();
    if (at_ != text_.size()) fail("there is more after the value");
    return found;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw JsonError("This is no JSON: " + what + " (at byte " + std::to_string(at_) + ")");
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  bool take(char wanted) {
    skip_space();
    if (peek() != wanted || at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  Json value(std::size_t depth) {
    skip_space();
    switch (peek()) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"':
        return Json(string());
      case 't':
        return word("true", Json(true));
      case 'f':
        return word("false", Json(false));
      case 'n':
        return word("null", Json());
      default:
        return number();
    }
  }

  Json word(std::string_view wanted, Json meaning) {
    if (text_.substr(at_, wanted.size()) != wanted) fail("a value was expected");
    at_ += wanted.size();
    return meaning;
  }

  void enter(std::size_t depth) {
    if (depth > max_depth_) fail("it has more than " + std::to_string(max_depth_) + " levels");
    ++at_;
  }

  Json array(std::size_t depth) {
    enter(depth);
    Json::Array items;
    if (take(']')) return Json(std::move(items));
    while (true) {
      items.push_back(value(depth));
      if (take(']')) return Json(std::move(items));
      if (!take(',')) fail("a comma or ] was expected");
    }
  }

  Json object(std::size_t depth) {
    enter(depth);
    Json::Object members;
    if (take('}')) return Json(std::move(members));
    while (true) {
      skip_space();
      if (peek() != '"') fail("a name in quotes was expected");
      std::string name = string();
      if (!take(':')) fail("a colon was expected");
      members.emplace_back(std::move(name), value(depth));
      if (take('}')) return Json(without_repeats(std::move(members)));
      if (!take(',')) fail("a comma or } was expected");
    }
  }

  static constexpr std::size_t kFew = 16;

  static bool repeats(const Json::Object& members) {
    for (std::size_t index = 1; index < members.size(); ++index) {
      for (std::size_t before = 0; before < index; ++before) {
        if (members[before].first == members[index].first) return true;
      }
    }
    return false;
  }

  /// Of members of one name the last counts, where the first stood.
  static Json::Object without_repeats(Json::Object members) {
    if (members.size() <= kFew && !repeats(members)) return members;
    std::vector<std::size_t> order(members.size());
    for (std::size_t index = 0; index < order.size(); ++index) order[index] = index;
    const auto name = [&](std::size_t index) -> const std::string& { return members[index].first; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t left, std::size_t right) { return name(left) < name(right); });
    std::vector<bool> dropped(members.size());
    bool any = false;
    for (std::size_t index = 1, first = 0; index < order.size(); ++index) {
      if (name(order[index]) != name(order[index - 1])) {
        first = index;
        continue;
      }
      members[order[first]].second = std::move(members[order[index]].second);
      dropped[order[index]] = any = true;
    }
    if (!any) return members;
    Json::Object kept;
    for (std::size_t index = 0; index < members.size(); ++index) {
      if (!dropped[index]) kept.push_back(std::move(members[index]));
    }
    return kept;
  }

  std::string string() {
    std::string out;
    std::size_t from = ++at_;
    while (true) {
      if (at_ >= text_.size()) fail("a string has no end");
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte == '"' || byte == '\\') {
        out.append(text_, from, at_ - from);
        ++at_;
        if (byte == '"') return out;
        escape(out);
        from = at_;
      } else if (byte < 0x20) {
        fail("a control character stands in a string");
      } else {
        const std::size_t length = internal::character_length(text_, at_);
        if (length == 0) fail("a string is not UTF-8");
        at_ += length;
      }
    }
  }

  void escape(std::string& out) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t place = kLetters.find(peek());
    if (at_ < text_.size() && place != std::string_view::npos) {
      out += kMeanings[place];
      ++at_;
      return;
    }
    if (peek() != 'u') fail("a string has an unknown escape");
    ++at_;
    unsigned code = four_digits();
    if (code >= 0xD800 && code <= 0xDBFF && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      const unsigned low = four_digits();
      if (low < 0xDC00 || low > 0xDFFF) fail("a string has half of a surrogate pair");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xD800 && code <= 0xDFFF) {
      fail("a string has half of a surrogate pair");
    }
    append_character(out, code);
  }

  unsigned four_digits() {
    unsigned code = 0;
    const std::string_view digits = text_.substr(at_, 4);
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() < 4 || result.ptr != digits.data() + 4) fail("\\u wants four hex digits");
    at_ += 4;
    return code;
  }

  static void append_character(std::string& out, unsigned code) {
    const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xC0 | (code >> 6));
      put(0x80 | (code & 0x3F));
    } else {
      if (code < 0x10000) {
        put(0xE0 | (code >> 12));
      } else {
        put(0xF0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3F));
      }
      put(0x80 | ((code >> 6) & 0x3F));
      put(0x80 | (code & 0x3F));
    }
  }

  std::size_t digits() {
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ - from;
  }

  Json number() {
    const std::size_t from = at_;
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    const std::size_t whole = digits();
    if (whole == 0) fail("a value was expected");
    if (zero && whole > 1) fail("a number begins with 0");
    bool integer = true;
    if (peek() == '.') {
      ++at_;
      integer = false;
      if (digits() == 0) fail("a number has no digits after its point");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      integer = false;
      if (peek() == '+' || peek() == '-') ++at_;
      if (digits() == 0) fail("a number has no digits in its exponent");
    }
    return converted(text_.substr(from, at_ - from), integer);
  }

  Json converted(std::string_view digits, bool integer) const {
    const char* end = digits.data() + digits.size();
    if (integer) {
      std::int64_t value = 0;
      if (std::from_chars(digits.data(), end, value).ec == std::errc()) return Json(value);
      std::uint64_t large = 0;
      if (digits[0] != '-' && std::from_chars(digits.data(), end, large).ec == std::errc()) {
        return Json(large);
      }
    }
    double value = 0;
    const auto result = std::from_chars(digits.data(), end, value);
    if (result.ec == std::errc::result_out_of_range) {
      value = std::strtod(std::string(digits).c_str(), nullptr);  // 0 or infinity: which one
      if (std::isinf(value)) fail("a number is too large");
    }
    return Json(value);
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
};

}  // namespace

Json Json::parse(std::string_view text, std::size_t max_depth) {
  return Parser(text, max_depth).whole();
}

}  // namespace v1
}  // namespace windlass::jobs
