/// Variables whose value is one or some of a set of choices.
#pragma once

#include <type_traits>
#include <vector>
#include <windlass/jobs/choice.hpp>
#include <windlass/jobs/variable.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

struct ChoiceOptions {
  Text label = {};
  Text description = {};
  Choices choices = {};
  /// In place of `choices`: a static method that computes them while the form is filled in.
  ChoicesMethod choices_method = nullptr;
  std::optional<Text> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// One of a set of choices, as text; "" when optional and left out.
///
/// >>> ChoiceVar colour{this, "colour", {.choices = {{"#f00", "Red"}, {"#00f", "Blue"}}}};
/// >>> static Choices site_choices(const Json& form);
/// >>> ChoiceVar site{this, "site", {.choices_method = site_choices}};
class ChoiceVar : public PlainInput<std::string> {
 public:
  ChoiceVar(Job* job, Text name, const ChoiceOptions& options);
  ~ChoiceVar() override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

struct MultiChoiceOptions {
  Text label = {};
  Text description = {};
  Choices choices = {};
  ChoicesMethod choices_method = nullptr;
  std::optional<std::vector<std::string>> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// Some of a set of choices, as a list of text; empty when optional and left out.
class MultiChoiceVar : public PlainInput<std::vector<std::string>> {
 public:
  MultiChoiceVar(Job* job, Text name, const MultiChoiceOptions& options);
  ~MultiChoiceVar() override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

namespace detail {
/// An enumerator as its number, the text that is sent for it, and its label.
struct Enumerator {
  std::int64_t number;
  std::string value;
  std::string label;
};

/// The choices behind an EnumVar, without its type.
class EnumBase : public Variable {
 protected:
  struct Common {
    Text label, description;
    bool required;
    const Json& visible_if;
    Text widget;
  };
  EnumBase(Job* job, Text name, const Common& common, std::vector<Enumerator> enumerators,
           const std::optional<std::vector<std::int64_t>>& default_numbers, bool several);
  const std::vector<std::int64_t>& numbers() const noexcept { return numbers_; }

 public:
  Json to_json() const override;

 private:
  void arrive(const Json& value, Arrival& arrival) override;
  /// The text of an enumerator, null where it is none of the choices.
  Json text_of(std::int64_t number) const;

  std::vector<Enumerator> enumerators_;
  std::vector<std::int64_t> numbers_;
  bool several_;
};
}  // namespace detail

/// An enumerator, the text that stands for it in inputs, and its label.
template <class E>
struct EnumChoice {
  E enumerator;
  Text value;
  Text label;
};

template <class E>
struct EnumOptions {
  Text label = {};
  Text description = {};
  std::vector<EnumChoice<E>> choices = {};
  std::optional<E> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

template <class E>
struct MultiEnumOptions {
  Text label = {};
  Text description = {};
  std::vector<EnumChoice<E>> choices = {};
  std::optional<std::vector<E>> default_value = {};
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

namespace detail {
template <class E>
std::vector<Enumerator> enumerators(const std::vector<EnumChoice<E>>& choices) {
  std::vector<Enumerator> made;
  for (const EnumChoice<E>& one : choices) {
    made.push_back(
        {static_cast<std::int64_t>(one.enumerator), one.value.string(), one.label.string()});
  }
  return made;
}
}  // namespace detail

/// One of the values of an enumeration; without a value when optional and left out. For the
/// server it is a ChoiceVar.
///
/// >>> EnumVar<Colour> colour{this, "colour", {.choices = {{Colour::red, "#f00", "Red"}}}};
template <class E>
class EnumVar : public detail::EnumBase {
  static_assert(std::is_enum_v<E>, "EnumVar wants an enumeration; ChoiceVar is for text");

 public:
  EnumVar(Job* job, Text name, const EnumOptions<E>& options)
      : EnumBase(job, name,
                 {options.label, options.description, options.required, options.visible_if,
                  options.widget},
                 detail::enumerators(options.choices), number_of(options.default_value), false) {}
  bool has_value() const noexcept { return !numbers().empty(); }
  /// Throws EmptyInput where there is none.
  E value() const {
    if (!has_value()) throw_empty();
    return static_cast<E>(numbers()[0]);
  }
  E operator*() const { return value(); }
  E value_or(E other) const { return has_value() ? value() : other; }

 private:
  static std::optional<std::vector<std::int64_t>> number_of(std::optional<E> value) {
    if (!value) return std::nullopt;
    return std::vector<std::int64_t>{static_cast<std::int64_t>(*value)};
  }
};

/// Some of the values of an enumeration; empty when optional and left out.
template <class E>
class MultiEnumVar : public detail::EnumBase {
  static_assert(std::is_enum_v<E>, "MultiEnumVar wants an enumeration; MultiChoiceVar is for text");

 public:
  MultiEnumVar(Job* job, Text name, const MultiEnumOptions<E>& options)
      : EnumBase(job, name,
                 {options.label, options.description, options.required, options.visible_if,
                  options.widget},
                 detail::enumerators(options.choices), numbers_of(options.default_value), true) {}
  bool has_value() const noexcept { return !numbers().empty(); }
  std::vector<E> value() const {
    std::vector<E> values;
    for (std::int64_t number : numbers()) values.push_back(static_cast<E>(number));
    return values;
  }
  std::vector<E> operator*() const { return value(); }

 private:
  static std::optional<std::vector<std::int64_t>> numbers_of(
      const std::optional<std::vector<E>>& values) {
    if (!values) return std::nullopt;
    std::vector<std::int64_t> numbers;
    for (E value : *values) numbers.push_back(static_cast<std::int64_t>(value));
    return numbers;
  }
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
