#include "base/json_reader.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace windlass {

namespace json = boost::json;

namespace {

constexpr std::size_t kKept = 64 << 10;

/// What the parser tells, put together as values.
class Values {
 public:
  // Names and sizes that the parser asks for.
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();
  using Code = json::error_code;
  using Text = json::string_view;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return true; }
  bool on_object_end(std::size_t size, Code&) { return stack_.push_object(size), true; }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t size, Code&) { return stack_.push_array(size), true; }
  bool on_key_part(Text text, std::size_t, Code&) { return stack_.push_chars(text), true; }
  bool on_key(Text text, std::size_t, Code&) { return stack_.push_key(text), true; }
  bool on_string_part(Text text, std::size_t, Code&) { return stack_.push_chars(text), true; }
  bool on_string(Text text, std::size_t, Code&) { return stack_.push_string(text), true; }
  bool on_int64(std::int64_t number, Text, Code&) { return stack_.push_int64(number), done(); }
  bool on_uint64(std::uint64_t number, Text, Code&) { return stack_.push_uint64(number), done(); }
  bool on_bool(bool value, Code&) { return stack_.push_bool(value), true; }
  bool on_null(Code&) { return stack_.push_null(), true; }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

  bool on_number_part(Text text, Code&) {
    number_.append(text.data(), text.size());
    return true;
  }

  bool on_double(double, Text text, Code& error) {
    number_.append(text.data(), text.size());
    double value = 0;
    const std::errc problem =
        std::from_chars(number_.data(), number_.data() + number_.size(), value).ec;
    // Also of numbers too near to zero, which strtod tells apart.
    if (problem == std::errc::result_out_of_range) value = std::strtod(number_.c_str(), nullptr);
    if (!std::isfinite(value)) {
      error = json::error::exponent_overflow;
      return false;
    }
    stack_.push_double(value);
    return done();
  }

  void begin() {
    stack_.reset();
    number_.clear();
  }
  json::value take() { return stack_.release(); }

 private:
  bool done() {
    number_.clear();
    return true;
  }

  json::value_stack stack_;
  std::string number_;  ///< the text of the number that is being read
};

json::parse_options options_for(std::size_t max_depth) {
  json::parse_options options;
  options.max_depth = max_depth;
  return options;
}

}  // namespace

struct JsonReader::Parser : json::basic_parser<Values> {
  explicit Parser(std::size_t max_depth) : basic_parser(options_for(max_depth)) {}
};

JsonReader::JsonReader(std::size_t max_depth)
    : max_depth_(max_depth), parser_(std::make_unique<Parser>(max_depth)) {}
JsonReader::~JsonReader() = default;

json::value JsonReader::read(std::string_view text, json::error_code& error, std::size_t& used) {
  parser_->reset();
  parser_->handler().begin();
  used = parser_->write_some(false, text.data(), text.size(), error);
  if (!error && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    error = json::error::extra_data;
  }
  json::value value;
  if (!error) value = parser_->handler().take();
  // The room that a large text took is not kept.
  if (text.size() > kKept) parser_ = std::make_unique<Parser>(max_depth_);
  return value;
}

}  // namespace windlass
