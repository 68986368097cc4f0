/// The rules of inputs, as the server keeps them: a test has no server.
#pragma once

#include <algorithm>
#include <cstdint>
#include <regex>
#include <set>
#include <string>
#include <vector>
#include <windlass/jobs/address.hpp>
#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/json.hpp>

namespace windlass::testing::detail {

using jobs::Json;

/// Inputs that keep the rules, complete, as run() gets them.
struct CheckedInputs {
  Json inputs;
  /// A sentence for each that does not keep them.
  std::vector<std::string> problems;
};

inline std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

/// The value of a variable that is left out.
inline Json empty_value(const std::string& type) {
  if (type == "StringVar" || type == "TextVar" || type == "ChoiceVar") return Json("");
  if (type == "MultiChoiceVar" || type == "MultiObjectVar") return Json::array();
  if (type == "BooleanVar" || type == "DryRunVar") return Json(false);
  return Json();
}

inline bool is_choice(const Json& choices, const std::string& value) {
  return std::any_of(choices.begin(), choices.end(), [&](const Json& choice) {
    return choice[1].is_array() ? is_choice(choice[1], value) : choice[0] == Json(value);
  });
}

/// Whether a variable shows with the inputs so far.
inline bool shows(const Json& variable, const Json& inputs) {
  const Json& conditions = variable["visible_if"];
  if (!conditions.is_object()) return true;
  const auto& all = conditions.as_object();
  return std::all_of(all.begin(), all.end(), [&](const Json::Member& condition) {
    const Json& value = inputs[condition.first];
    const auto wanted = [&](const Json& one) {
      return std::find(condition.second.begin(), condition.second.end(), one) !=
             condition.second.end();
    };
    return value.is_array() ? std::any_of(value.begin(), value.end(), wanted) : wanted(value);
  });
}

class Rules {
 public:
  Rules(const Json& variable, const Json& value)
      : variable_(variable), value_(value), type_(variable["type"].as_string()) {}

  /// What is wrong with the value; "" where nothing is.
  std::string fault() const {
    if (type_ == "StringVar") return value_.is_string() ? text_fault() : wants("text");
    if (type_ == "TextVar") return value_.is_string() ? "" : wants("text");
    if (type_ == "IntegerVar")
      return value_.is_integer() ? integer_fault() : wants("a whole number");
    if (type_ == "BooleanVar" || type_ == "DryRunVar") {
      return value_.is_bool() ? "" : wants("true or false");
    }
    if (type_ == "ChoiceVar") return choice_fault(value_);
    if (type_ == "MultiChoiceVar" || type_ == "MultiObjectVar") return list_fault();
    if (type_ == "ObjectVar") return value_.is_string() ? "" : wants("an id");
    if (type_ == "JSONVar") return "";
    if (type_ == "FileVar") return wants("a file of Options::files");
    return value_.is_string() ? address_fault() : wants("an address");
  }

 private:
  std::string wants(const char* what) const {
    return std::string("wants ") + what + ", got " + value_.dump();
  }

  /// Whether `number` lies beyond the bound that the declaration has under that name.
  bool beyond(const char* bound, std::int64_t number, bool above) const {
    const Json& limit = variable_[bound];
    if (limit.is_null()) return false;
    return above ? number > limit.as_integer() : number < limit.as_integer();
  }

  std::string within(const char* least, const char* most, std::int64_t number,
                     const std::string& what) const {
    if (beyond(least, number, false)) {
      return what + " is less than " + variable_[least].dump();
    }
    return beyond(most, number, true) ? what + " is more than " + variable_[most].dump() : "";
  }

  std::string text_fault() const {
    const auto length = static_cast<std::int64_t>(length_of(value_.as_string()));
    std::string fault =
        within("min_length", "max_length", length, "its length of " + std::to_string(length));
    if (!fault.empty() || variable_["regex"].is_null()) return fault;
    const std::string& pattern = variable_["regex"].as_string();
    try {
      if (std::regex_search(value_.as_string(), std::regex(pattern))) return "";
    } catch (const std::regex_error&) {
      return "";  // a pattern of the server's dialect that this one lacks
    }
    return value_.dump() + " does not match " + pattern;
  }

  std::string integer_fault() const {
    if (value_.kind() == Json::Kind::unsigned_integer) return wants("a number of 64 bits");
    return within("min_value", "max_value", value_.as_integer(), value_.dump());
  }

  std::string choice_fault(const Json& value) const {
    if (!value.is_string()) return wants("text");
    if (!variable_["choices_method"].is_null()) return "";
    if (is_choice(variable_["choices"], value.as_string())) return "";
    return value.dump() + " is not one of the available choices";
  }

  std::string list_fault() const {
    if (!value_.is_array()) return wants("an array of text");
    for (const Json& one : value_) {
      std::string fault = type_ == "MultiChoiceVar" ? choice_fault(one)
                          : one.is_string()         ? ""
                                                    : wants("an array of ids");
      if (!fault.empty()) return fault;
    }
    return "";
  }

  std::string address_fault() const {
    try {
      if (type_ == "IPAddressVar") jobs::IPAddress::parse(value_.as_string());
      if (type_ == "IPAddressWithMaskVar") jobs::IPInterface::parse(value_.as_string());
      if (type_ == "IPNetworkVar") {
        const int length = jobs::IPNetwork::parse(value_.as_string()).prefix_length();
        return within("min_prefix_length", "max_prefix_length", length,
                      "its prefix of " + std::to_string(length) + " bits");
      }
    } catch (const jobs::JobError& problem) {
      return problem.what();
    }
    return "";
  }

  const Json& variable_;
  const Json& value_;
  const std::string& type_;
};

inline Json left_out(const Json& declaration, const Json& variable) {
  const std::string& type = variable["type"].as_string();
  if (!variable["default"].is_null()) return variable["default"];
  if (type == "DryRunVar") return declaration["meta"]["dryrun_default"];
  return empty_value(type);
}

/// `inputs` against a class of the manifest; the names of `files` are taken as given too.
inline CheckedInputs checked_inputs(const Json& declaration, const Json& inputs,
                                    const std::set<std::string>& files) {
  CheckedInputs checked{Json::object(), {}};
  const Json given = inputs.is_null() ? Json::object() : inputs;
  if (!given.is_object()) {
    checked.problems.push_back("The inputs have to be a JSON object, got " + given.dump());
    return checked;
  }
  const Json& variables = declaration["variables"];
  const auto is_known = [&](const std::string& name) {
    return std::any_of(variables.begin(), variables.end(),
                       [&](const Json& one) { return one["name"] == Json(name); });
  };
  for (const auto& [name, value] : given.as_object()) {
    if (!is_known(name)) checked.problems.push_back(name + ": there is no such variable");
  }
  for (const std::string& name : files) {
    if (!is_known(name)) checked.problems.push_back(name + ": there is no such variable");
  }
  // First as they were given, because conditions may name variables that stand further on.
  for (const Json& variable : variables) {
    const std::string& name = variable["name"].as_string();
    const Json* value = given.find(name);
    checked.inputs[name] = value == nullptr ? left_out(declaration, variable) : *value;
  }
  for (const Json& variable : variables) {
    const std::string& name = variable["name"].as_string();
    const std::string& type = variable["type"].as_string();
    Json& value = checked.inputs[name];
    if (!shows(variable, checked.inputs)) {
      value = empty_value(type);
      continue;
    }
    if (files.contains(name)) continue;
    const bool is_empty = value == empty_value(type) && type != "BooleanVar" && type != "DryRunVar";
    if (is_empty && variable["required"].as_bool()) {
      checked.problems.push_back(name + ": it is required");
    } else if (!is_empty) {
      const std::string fault = Rules(variable, value).fault();
      if (!fault.empty()) checked.problems.push_back(name + ": " + fault);
    }
  }
  return checked;
}

}  // namespace windlass::testing::detail
