#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"

namespace windlass::rest {

/// Writes JSON text straight into a string, without a tree in between: what lists are made with.
/// Places the commas; nesting and keys are the caller's. Texts must be valid UTF-8. One thread;
/// `out` outlives it.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  /// The same for a name that is known to need no escapes, as it stands in the text: `"name":`.
  void quoted_key(std::string_view text) {
    separate();
    out_ += text;
    need_comma_ = false;
  }

  void null() { raw("null"); }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void integer(std::int64_t value);
  /// Always with a point or exponent, so that readers keep it a floating-point number.
  void number(double value);
  void text(std::string_view value);
  void id(const Uuid& value);
  /// RFC 3339, UTC, microseconds, as to_rfc3339().
  void time(TimePoint value);
  void value(const json::value& value);
  /// One whole value that is JSON already.
  void raw(std::string_view json);

  /// Pieces of a text that is put together, between begin_text() and end_text().
  void begin_text() {
    separate();
    out_.push_back('"');
  }
  void text_part(std::string_view part) { append_escaped(part); }
  /// A piece that is known to need no escapes.
  void plain_part(std::string_view part) { out_ += part; }
  void plain_part(const Uuid& id);
  /// "2026-11-23", `separator`, "21:58:39.111195"; UTC.
  void plain_part(TimePoint time, char separator);
  void end_text() { out_.push_back('"'); }

  std::string& out() { return out_; }

 private:
  void separate() {
    if (need_comma_) out_.push_back(',');
    need_comma_ = true;
  }
  void open(char bracket) {
    separate();
    out_.push_back(bracket);
    need_comma_ = false;
  }
  void close(char bracket) {
    out_.push_back(bracket);
    need_comma_ = true;
  }
  void append_escaped(std::string_view text);

  std::string& out_;
  bool need_comma_ = false;
};

}  // namespace windlass::rest
