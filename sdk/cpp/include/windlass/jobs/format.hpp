/// `{}`-style formatting behind type-erased arguments: GCC 12 has no <format>, and none of it is
/// compiled into a job file.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <windlass/jobs/json.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// The text of a log call with the name of the function that calls.
struct Format {
  Format(const char* format, const char* caller = __builtin_FUNCTION())
      : text(format), function(caller) {}
  Format(std::string_view format, const char* caller = __builtin_FUNCTION())
      : text(format), function(caller) {}
  Format(const std::string& format, const char* caller = __builtin_FUNCTION())
      : text(format), function(caller) {}
  std::string_view text;
  const char* function;
};

namespace detail {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

/// One argument. Refers to what it was made from.
class Argument {
 public:
  enum class Kind : std::uint8_t {
    boolean,
    character,
    integer,
    unsigned_integer,
    number,
    text,
    json,
    streamed
  };
  struct Streamed {
    const void* object;
    void (*print)(std::ostream&, const void*);
  };
  struct Made {
    const void* object;
    Json (*make)(const void*);
  };

  template <class T>
  static Argument of(const T& value) {
    Argument made;
    if constexpr (std::same_as<T, bool>) {
      made.kind_ = Kind::boolean;
      made.integer_ = value ? 1 : 0;
    } else if constexpr (std::same_as<T, char>) {
      made.kind_ = Kind::character;
      made.character_ = value;
    } else if constexpr (std::integral<T>) {
      made.kind_ = std::is_signed_v<T> ? Kind::integer : Kind::unsigned_integer;
      made.integer_ = static_cast<std::int64_t>(value);
    } else if constexpr (std::floating_point<T>) {
      made.kind_ = Kind::number;
      made.number_ = static_cast<double>(value);
    } else if constexpr (Textual<T>) {
      made.kind_ = Kind::text;
      made.text_ = std::string_view(value);
    } else if constexpr (std::derived_from<T, std::exception>) {
      made.kind_ = Kind::text;
      made.text_ = value.what();
    } else if constexpr (Streamable<T> && !std::same_as<T, Json>) {
      made.kind_ = Kind::streamed;
      made.streamed_ = {&value, [](std::ostream& out, const void* object) {
                          out << *static_cast<const T*>(object);
                        }};
    } else if constexpr (std::constructible_from<Json, const T&>) {
      made.kind_ = Kind::json;
      made.made_ = {&value,
                    [](const void* object) { return Json(*static_cast<const T*>(object)); }};
    } else {
      static_assert(std::is_enum_v<T>,
                    "A log argument wants a type with operator<<(std::ostream&, …), or one that a "
                    "Json can be made from");
      made.kind_ = Kind::integer;
      made.integer_ = static_cast<std::int64_t>(value);
    }
    return made;
  }

  Kind kind() const noexcept { return kind_; }
  char character() const noexcept { return character_; }
  std::int64_t integer() const noexcept { return integer_; }
  double number() const noexcept { return number_; }
  std::string_view text() const noexcept { return text_; }
  /// The text of a `json` (strings without quotes) or `streamed` argument. May throw what the
  /// author's code throws.
  std::string shown() const;

 private:
  Argument() : integer_(0) {}
  Kind kind_ = Kind::integer;
  union {
    char character_;
    std::int64_t integer_;
    double number_;
    std::string_view text_;
    Streamed streamed_;
    Made made_;
  };
};

/// Appends `format` with its arguments to `out`: `{}`, `{0}`, `{{`, and after a colon fill,
/// align, sign, #, 0, width, precision and type as std::format takes them. What does not fit is
/// shown as well as it can be, the arguments beside the text; nothing is thrown.
void append_formatted(std::string& out, std::string_view format,
                      std::span<const Argument> arguments);

}  // namespace detail

/// The formatted text, by the rules of log messages.
///
/// >>> format("{} of {:.1f}", 1, 2.0)
/// "1 of 2.0"
template <class... Arguments>
std::string format(std::string_view text, const Arguments&... arguments) {
  std::string out;
  if constexpr (sizeof...(Arguments) == 0) {
    out = text;
  } else {
    const detail::Argument all[] = {detail::Argument::of(arguments)...};
    detail::append_formatted(out, text, all);
  }
  return out;
}

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
