/// The variables of a class while its declaration is made.
#pragma once

#include <string>
#include <utility>
#include <vector>
#include <windlass/jobs/choice.hpp>
#include <windlass/jobs/job.hpp>
#include <windlass/jobs/variable.hpp>

namespace windlass::jobs {
inline namespace v1 {
namespace detail {

/// Collects what the variables of a job say of themselves while one object of its class is made.
class Declaration {
 public:
  Declaration() noexcept;
  ~Declaration();
  Declaration(const Declaration&) = delete;
  Declaration& operator=(const Declaration&) = delete;

  /// Adds the manifest's object of a variable. `members` are those of its type.
  template <class Options>
  void add(const Variable& variable, std::string_view type, const Options& options,
           Json default_value, Json::Object members = {}) {
    bool required = false;
    if constexpr (requires { options.required; }) required = options.required;
    add_object(variable.name(),
               {{"name", variable.name()},
                {"type", type},
                {"label", options.label.view()},
                {"description", options.description.view()},
                {"required", required},
                {"has_default", !default_value.is_null()},
                {"default", std::move(default_value)},
                {"widget", options.widget.empty() ? Json() : Json(options.widget.view())},
                {"visible_if", options.visible_if}},
               std::move(members));
  }
  /// Says what is wrong with a variable.
  void problem(const Variable& variable, const std::string& sentence);
  void add_choices_method(std::string name, ChoicesMethod method);

  /// The line of the class, as the compiler gave it.
  static int line_of(const Job& job) noexcept { return job.line_; }

  Json::Array variables;
  std::vector<std::string> problems;
  std::vector<std::pair<std::string, ChoicesMethod>> choices_methods;
  bool is_job_hook_receiver = false;
  bool is_job_button_receiver = false;

 private:
  void add_object(const std::string& name, Json common, Json::Object members);
};

/// The one that is being made in this thread, or nullptr.
Declaration* current_declaration() noexcept;

/// The text of an optional option, or null.
inline Json json_of(const std::optional<Text>& text) {
  return text ? Json(text->view()) : Json();
}

}  // namespace detail
}  // namespace v1
}  // namespace windlass::jobs
