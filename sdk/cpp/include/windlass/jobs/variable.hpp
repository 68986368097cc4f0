/// What all input variables have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#include <windlass/jobs/json.hpp>
#include <windlass/jobs/text.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

class Job;

namespace detail {
class Arrival;
class Declaration;
}  // namespace detail

/// Base of all variables; not for use in a job itself. A variable is a member of a job class,
/// initialised with `this`, its name, and its options. In the constructor of the job it is empty.
///
/// Options of all: `label` (text beside the field; by default made from the name), `description`
/// (text below it), `default_value`, `required` (true), `visible_if` (names of other variables,
/// each with the value or array of values that shows this one; hidden, it is not required and
/// arrives empty), `widget` (a name for the form to choose by, with no effect on the value).
/// Options stand in the order in which the structures below have them.
class Variable {
 public:
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  /// The name under which it arrives.
  const std::string& name() const noexcept { return name_; }
  /// The value as JSON: an object is its id, a file its name.
  virtual Json to_json() const = 0;

 protected:
  Variable(Job* job, Text name);
  virtual ~Variable();
  /// The job's declaration, where it is being made; nullptr during a run.
  detail::Declaration* declaration() const noexcept;
  [[noreturn]] void throw_empty() const;

 private:
  friend class detail::Arrival;
  /// Takes the value of a `run` frame.
  virtual void arrive(const Json& value, detail::Arrival& arrival) = 0;

  std::string name_;
};

/// A variable whose value is a T.
template <class T>
class Input : public Variable {
 public:
  /// Whether there is a value: false for an optional variable that was left out.
  bool has_value() const noexcept { return value_.has_value(); }
  /// The value; throws EmptyInput where there is none.
  const T& value() const {
    if (!value_) throw_empty();
    return *value_;
  }
  const T& operator*() const { return value(); }
  const T* operator->() const { return &value(); }
  T value_or(T other) const { return value_ ? *value_ : std::move(other); }

 protected:
  Input(Job* job, Text name) : Variable(job, name) {}
  std::optional<T> value_;
};

/// A variable whose value, left out, is an empty T: `""`, `[]`, false. It is never without one.
template <class T>
class PlainInput : public Variable {
 public:
  /// Whether it is anything but empty.
  bool has_value() const noexcept { return value_ != T(); }
  const T& value() const noexcept { return value_; }
  const T& operator*() const noexcept { return value_; }
  const T* operator->() const noexcept { return &value_; }
  T value_or(T other) const { return has_value() ? value_ : std::move(other); }
  Json to_json() const override { return Json(value_); }

 protected:
  PlainInput(Job* job, Text name) : Variable(job, name), value_() {}
  T value_;
};

extern template class Input<std::int64_t>;
extern template class PlainInput<std::string>;
extern template class PlainInput<std::vector<std::string>>;
extern template class PlainInput<bool>;
extern template class PlainInput<Json>;

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
