#include "declaration.hpp"

#include <algorithm>

namespace windlass::jobs {
inline namespace v1 {
namespace detail {
namespace {

thread_local Declaration* current = nullptr;

bool is_identifier(std::string_view name) {
  const auto fits = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && (name[0] < '0' || name[0] > '9') &&
         std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

Declaration::Declaration() noexcept {
  current = this;
}
Declaration::~Declaration() {
  current = nullptr;
}
Declaration* current_declaration() noexcept {
  return current;
}

void Declaration::problem(const Variable& variable, const std::string& sentence) {
  problems.push_back(variable.name() + ": " + sentence);
}

void Declaration::add_choices_method(std::string name, ChoicesMethod method) {
  choices_methods.emplace_back(std::move(name), method);
}

void Declaration::add_object(const std::string& name, Json common, Json::Object members) {
  if (!is_identifier(name)) {
    problems.push_back("\"" + name +
                       "\" is no name of a variable: it may have letters, digits and _");
  }
  for (const Json& other : variables) {
    if (other["name"].as_string() == name) {
      problems.push_back(name + ": two variables have this name");
      return;
    }
  }
  for (auto& [member, value] : members) common[member] = std::move(value);
  variables.push_back(std::move(common));
}

}  // namespace detail
}  // namespace v1
}  // namespace windlass::jobs
