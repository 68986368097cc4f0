#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace windlass {

/// Messages a field name, as REST answers them: {"name": ["This field is required."]}.
using FieldErrors = std::map<std::string, std::vector<std::string>>;

/// Why something did not work.
struct Error {
  /// Stable code, `area.what`, listed in spec/errors.md: what programs compare.
  std::string code;
  /// One sentence for the user: what was wrong, where, and what to do. Never a secret.
  std::string message;
  /// More for the log (library texts, errno); not shown to users. Never a secret.
  std::string detail = {};
  /// Errors a field, for input that was refused; else empty.
  FieldErrors fields = {};
};

[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               std::string_view message);

/// Ends the process with a message when our own code broke a promise, in release builds too.
#define WL_CHECK(condition, message)                                       \
  do {                                                                     \
    if (!(condition)) [[unlikely]]                                         \
      ::windlass::check_failed(#condition, __FILE__, __LINE__, (message)); \
  } while (false)

/// A value or an Error. Reading the one that is not there is a broken promise (WL_CHECK).
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}      // NOLINT implicit
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT implicit

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return checked(); }
  const T& value() const& { return const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(checked()); }
  T& operator*() & { return checked(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(checked()); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &value(); }
  T value_or(T other) && { return ok() ? std::move(checked()) : std::move(other); }

  const Error& error() const& {
    WL_CHECK(!ok(), "error() of a Result that holds a value");
    return *std::get_if<1>(&content_);
  }
  Error&& error() && {
    WL_CHECK(!ok(), "error() of a Result that holds a value");
    return std::move(*std::get_if<1>(&content_));
  }

 private:
  T& checked() {
    WL_CHECK(ok(), std::get_if<1>(&content_)->code + ": " + std::get_if<1>(&content_)->message);
    return *std::get_if<0>(&content_);
  }
  std::variant<T, Error> content_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT implicit

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const { WL_CHECK(ok(), error_->code + ": " + error_->message); }
  const Error& error() const {
    WL_CHECK(!ok(), "error() of a Result that holds no error");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

/// Success of a Result<void>.
inline Result<void> ok() {
  return {};
}

#define WL_CONCAT_INNER(a, b) a##b
#define WL_CONCAT(a, b) WL_CONCAT_INNER(a, b)
/// `WL_TRY(auto job, find(id));` declares job, or returns find's error from the enclosing function.
#define WL_TRY(declaration, expression) \
  WL_TRY_INNER(WL_CONCAT(wl_result_, __LINE__), declaration, expression)
#define WL_TRY_INNER(temporary, declaration, expression) \
  auto temporary = (expression);                         \
  if (!temporary.ok()) [[unlikely]]                      \
    return std::move(temporary).error();                 \
  declaration = std::move(temporary).value()
/// `WL_TRY_VOID(save(job));` returns save's error from the enclosing function.
#define WL_TRY_VOID(expression)                                      \
  do {                                                               \
    if (auto wl_result = (expression); !wl_result.ok()) [[unlikely]] \
      return std::move(wl_result).error();                           \
  } while (false)

}  // namespace windlass
