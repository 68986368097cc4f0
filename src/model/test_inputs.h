#pragma once

#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "model/validation.h"

namespace windlass {

/// A declaration as the manifest holds it: `{"name": "x", "required": true, …}` with these members
/// on top.
inline json::value declare(std::string_view type, std::string_view members = "{}") {
  json::object declaration{{"name", "x"},          {"label", ""},
                           {"description", ""},    {"required", true},
                           {"has_default", false}, {"default", nullptr},
                           {"widget", nullptr},    {"type", to_json_view(type)}};
  const json::value extra = parse_json(members).value();
  for (const auto& member : extra.get_object()) declaration[member.key()] = member.value();
  return declaration;
}

/// Knows two objects, "one" and "two", by id, name and {"name"}; {"any": …} finds both, "database"
/// fails. Keeps the forms that it was called with.
class FakeLookup final : public InputLookup {
 public:
  Result<std::vector<Uuid>> objects(const Variable& variable, const json::value& given,
                                    const json::object& form) override {
    forms[variable.name()].push_back(form);
    if (given.is_object()) {
      if (given.get_object().contains("any")) return std::vector{kOne, kTwo};
      return named(get_string(given, "name"));
    }
    const std::string text = given.is_string() ? std::string(to_view(given.get_string())) : "?";
    if (text == "database") return Error{"storage.busy", "The database is busy."};
    std::vector<Uuid> found = named(text);
    if (found.empty()) return Error{"input.invalid", "There is no object " + text + "."};
    return found;
  }
  Result<json::array> choices(const Variable& variable, const json::object& form) override {
    forms[variable.name()].push_back(form);
    return choose(form);
  }

  std::function<Result<json::array>(const json::object& form)> choose =
      [](const json::object&) -> Result<json::array> {
    return Error{"input.invalid", "There is no code."};
  };
  std::map<std::string, std::vector<json::object>> forms;

 private:
  static constexpr Uuid kOne{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
  static constexpr Uuid kTwo{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}};

  static std::vector<Uuid> named(std::string_view text) {
    if (text == "one" || text == kOne.to_string()) return {kOne};
    if (text == "two" || text == kTwo.to_string()) return {kTwo};
    return {};
  }
};

/// Values of every JSON type, and texts that are often nearly right. The same in every run.
class RandomInputs {
 public:
  json::value any(int depth = 0) {
    switch (pick(depth < 2 ? 9 : 7)) {
      case 0:
        return nullptr;
      case 1:
        return pick(2) == 0;
      case 2:
        return static_cast<std::int64_t>(engine_());
      case 3:
        return static_cast<std::int64_t>(pick(41)) - 20;
      case 4:
        return std::uniform_real_distribution<double>(-1e3, 1e3)(engine_);
      case 5:
        return std::ldexp(1.0 + pick(100), pick(200) - 100);
      case 6:
        return json::value(to_json_view(text()));
      case 7:
        return json::array{any(depth + 1), any(depth + 1)};
      default:
        return json::object{{"k", any(depth + 1)}};
    }
  }
  std::string text() {
    static const std::vector<std::string> kPieces{" ", "5",  "-",      ".0", "a", "é",
                                                  "😀", "\t", "\u3000", "x9", "+"};
    std::string out;
    for (int n = pick(6); n > 0; --n) out += one_of(kPieces);
    return out;
  }
  template <class T>
  const T& one_of(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(pick(static_cast<int>(items.size())))];
  }
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(engine_); }

 private:
  std::mt19937_64 engine_{20261123};
};

}  // namespace windlass
