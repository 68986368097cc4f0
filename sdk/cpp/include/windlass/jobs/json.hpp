/// A JSON value: what run() returns, and what JSONVar, records and the host's frames hold.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// Thrown for text that is no JSON and for a value of another kind than was asked for. Its text
/// says what was wrong and where.
class JsonError : public std::runtime_error {
 public:
  explicit JsonError(const std::string& message) : std::runtime_error(message) {}
  ~JsonError() override;
};

class Json;

namespace detail {
struct JsonElement;

template <class T>
concept Textual = std::convertible_to<const T&, std::string_view>;
/// A type with `Json to_json() const`: variables, records, and the author's own.
template <class T>
concept HasToJson = requires(const T& value) {
  { value.to_json() } -> std::convertible_to<Json>;
};
template <class T>
concept Optional = !HasToJson<T> && requires(const T& value) {
  { value.has_value() } -> std::same_as<bool>;
  *value;
};
template <class T>
concept Listed = !Textual<T> && !HasToJson<T> && requires(const T& value) {
  value.begin();
  value.end();
};
template <class T>
concept Mapped = Listed<T> && requires {
  typename T::mapped_type;
};
}  // namespace detail

/// A JSON value of any kind. A plain value: copies are deep, moves are cheap. Members of an
/// object keep their order.
///
/// >>> Json row{{"name", "web-1"}, {"ports", {22, 443}}};
/// >>> row["ports"].push_back(8080);
/// >>> row.dump()
/// {"name":"web-1","ports":[22,443,8080]}
///
/// In braces, pairs whose first value is text make an object and everything else an array;
/// Json::array and Json::object say which. Numbers are 64-bit integers or doubles.
class Json {
 public:
  enum class Kind : std::uint8_t {
    null,
    boolean,
    integer,
    unsigned_integer,
    number,
    text,
    array,
    object
  };
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() noexcept : kind_(Kind::null) { payload_.integer = 0; }
  Json(std::nullptr_t) noexcept : Json() {}
  template <std::same_as<bool> T>
  Json(T value) noexcept : kind_(Kind::boolean) {
    payload_.integer = value ? 1 : 0;
  }
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Json(T value)
  noexcept : kind_(Kind::integer) {
    if constexpr (std::is_unsigned_v<T> && sizeof(T) == sizeof(std::uint64_t)) {
      if (value > static_cast<std::uint64_t>(INT64_MAX)) kind_ = Kind::unsigned_integer;
    }
    payload_.integer = static_cast<std::int64_t>(value);
  }
  template <std::floating_point T>
  Json(T value) noexcept : kind_(Kind::number) {
    payload_.number = static_cast<double>(value);
  }
  Json(char value) : Json(std::string(1, value)) {}
  Json(const char* text);
  Json(std::string_view text);
  Json(std::string text);
  Json(Array items);
  Json(Object members);
  Json(const std::vector<std::string>& texts);
  Json(std::initializer_list<detail::JsonElement> elements);
  /// From anything with `Json to_json() const`.
  template <detail::HasToJson T>
  Json(const T& value) : Json(value.to_json()) {}
  /// From std::optional and the like; null when empty.
  template <class T>
  requires(detail::Optional<T> && !std::same_as<T, Json>) Json(const T& value) : Json() {
    if (value.has_value()) *this = Json(*value);
  }
  /// From a vector, set, map of what a Json can be made from.
  template <class T>
  requires(detail::Listed<T> && !std::same_as<T, Json> && !std::same_as<T, Array> &&
           !std::same_as<T, std::vector<std::string>> && !std::same_as<T, Object> &&
           !std::same_as<T, std::initializer_list<detail::JsonElement>>) Json(const T& values);

  Json(const Json& other) : kind_(other.kind_), payload_(other.payload_) {
    if (kind_ >= Kind::text) copy_payload(other);
  }
  Json(Json&& other) noexcept : kind_(other.kind_), payload_(other.payload_) {
    other.kind_ = Kind::null;
  }
  Json& operator=(Json other) noexcept {
    swap(other);
    return *this;
  }
  ~Json() {
    if (kind_ >= Kind::text) destroy();
  }
  void swap(Json& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(payload_, other.payload_);
  }

  static Json array(std::initializer_list<detail::JsonElement> elements = {});
  /// Throws JsonError unless each element is a pair that begins with text.
  static Json object(std::initializer_list<detail::JsonElement> elements = {});
  /// Parses strictly: UTF-8, no NaN, nothing after the value, at most `max_depth` levels of
  /// arrays and objects. Of members of one name the last counts. Throws JsonError.
  static Json parse(std::string_view text, std::size_t max_depth = 64);

  Kind kind() const noexcept { return kind_; }
  bool is_null() const noexcept { return kind_ == Kind::null; }
  bool is_bool() const noexcept { return kind_ == Kind::boolean; }
  bool is_integer() const noexcept {
    return kind_ == Kind::integer || kind_ == Kind::unsigned_integer;
  }
  /// Whether it is an integer or a double.
  bool is_number() const noexcept { return is_integer() || kind_ == Kind::number; }
  bool is_string() const noexcept { return kind_ == Kind::text; }
  bool is_array() const noexcept { return kind_ == Kind::array; }
  bool is_object() const noexcept { return kind_ == Kind::object; }

  // Each throws JsonError when the value is of another kind.
  bool as_bool() const;
  std::int64_t as_integer() const;
  std::uint64_t as_unsigned() const;
  double as_number() const;
  const std::string& as_string() const;
  const Array& as_array() const;
  Array& as_array();
  const Object& as_object() const;
  Object& as_object();

  /// The items of an array, members of an object, 0 for all else.
  std::size_t size() const noexcept;
  bool empty() const noexcept { return size() == 0; }
  /// The member of that name, nullptr where there is none or this is no object.
  const Json* find(std::string_view name) const noexcept;
  Json* find(std::string_view name) noexcept;
  bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
  /// The member or item; throws JsonError where there is none.
  const Json& at(std::string_view name) const;
  const Json& at(std::size_t index) const;
  /// The member; made, as null, where there is none. A null becomes an object.
  Json& operator[](std::string_view name);
  /// The member, a null where there is none.
  const Json& operator[](std::string_view name) const noexcept;
  template <std::integral T>
  const Json& operator[](T index) const {
    return at(static_cast<std::size_t>(index));
  }
  template <std::integral T>
  Json& operator[](T index) {
    return const_cast<Json&>(at(static_cast<std::size_t>(index)));
  }
  /// Appends to an array. A null becomes an array.
  void push_back(Json item);
  /// Removes the member; says whether it was there.
  bool erase(std::string_view name);

  // The items of an array; nothing for other kinds.
  const Json* begin() const noexcept;
  const Json* end() const noexcept;

  /// Compact JSON text. What is not UTF-8 becomes U+FFFD; NaN and infinities become null.
  std::string dump() const;
  /// Appends the same to `out`.
  void dump_to(std::string& out) const;

  /// Objects are equal whatever the order of their members, numbers by their value.
  friend bool operator==(const Json& left, const Json& right) noexcept {
    return left.equals(right);
  }

 private:
  union Payload {
    std::int64_t integer;
    double number;
    std::string* text;
    Array* array;
    Object* object;
  };

  void copy_payload(const Json& other);
  void destroy() noexcept;
  bool equals(const Json& other) const noexcept;

  Kind kind_;
  Payload payload_;
};

namespace detail {
/// An element of a braced list: lets values be moved out of it.
struct JsonElement {
  template <class T>
  requires std::constructible_from<Json, T&&> JsonElement(T&& from)
      : value(std::forward<T>(from)) {}
  JsonElement(std::initializer_list<JsonElement> elements) : value(elements) {}
  mutable Json value;
};

/// Appends `text` to `out` in quotes, escaped; what is not UTF-8 becomes U+FFFD.
void append_quoted(std::string& out, std::string_view text);
/// The name of a key of a map.
std::string key_text(const Json& key);
}  // namespace detail

template <class T>
requires(detail::Listed<T> && !std::same_as<T, Json> && !std::same_as<T, Json::Array> &&
         !std::same_as<T, std::vector<std::string>> && !std::same_as<T, Json::Object> &&
         !std::same_as<T, std::initializer_list<detail::JsonElement>>) Json::Json(const T& values)
    : Json() {
  if constexpr (detail::Mapped<T>) {
    Object members;
    for (const auto& [key, value] : values) {
      if constexpr (detail::Textual<typename T::key_type>) {
        members.emplace_back(std::string(std::string_view(key)), Json(value));
      } else {
        members.emplace_back(detail::key_text(Json(key)), Json(value));
      }
    }
    *this = Json(std::move(members));
  } else {
    Array items;
    for (const auto& value : values)
      items.push_back(Json(static_cast<typename T::value_type>(value)));
    *this = Json(std::move(items));
  }
}

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
