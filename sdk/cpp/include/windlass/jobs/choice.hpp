/// What a ChoiceVar offers.
#pragma once

#include <concepts>
#include <string>
#include <utility>
#include <vector>
#include <windlass/jobs/json.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// A value with its label, or a group of such pairs.
///
/// >>> Choices colours{{"#f00", "Red"}, {"Cold", {{"#00f", "Blue"}, {"#0ff", "Cyan"}}}};
struct Choice {
  Choice(std::string stored, std::string shown);
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Choice(T stored, std::string shown)
      : Choice(std::to_string(stored), std::move(shown)) {}
  Choice(std::string name, std::vector<Choice> members);
  Choice(const Choice&);
  Choice(Choice&&) noexcept;
  Choice& operator=(const Choice&);
  Choice& operator=(Choice&&) noexcept;
  ~Choice();

  /// The value that arrives; of a group its name.
  std::string value;
  std::string label = {};
  std::vector<Choice> group = {};
  bool is_group = false;
};

using Choices = std::vector<Choice>;

/// Computes choices for the inputs given so far, an object.
using ChoicesMethod = Choices (*)(const Json& form);

/// As the manifest has them.
Json to_json(const Choices& choices);

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
