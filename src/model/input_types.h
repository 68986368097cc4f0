#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/job.h"
#include "model/validation.h"

namespace windlass {

/// What a rule makes of a value: the one that run() gets, or what is wrong with the one given.
struct Checked {
  json::value value;
  std::vector<std::string> errors;
};

/// What a rule may look at beside the value.
struct CheckContext {
  const UploadedFile* upload = nullptr;    ///< that came for this variable
  const json::array* choices = nullptr;    ///< what the choices_method returned, once it is known
  const json::object* referred = nullptr;  ///< values of the variables that query_params names
  InputLookup* lookup = nullptr;
};

/// A variable's value when nothing was given for it.
enum class EmptyValue { kText, kNull, kFalse, kList };

/// One type of variable: its rules, and the same rules as JSON Schema. Immutable.
struct InputType {
  std::string_view name;
  EmptyValue empty;
  /// Of a value that is not empty, or an upload. The error is one that ends the whole validation.
  Result<Checked> (*check)(const Variable& variable, const json::value& given,
                           const CheckContext& context);
  /// Adds to the schema what holds for values as run() gets them.
  void (*describe)(const Variable& variable, json::object& schema);

  bool takes_file() const { return name == "FileVar"; }
  json::value empty_value() const;
  /// Whether an empty value is refused; a BooleanVar's never is.
  bool requires_value(const Variable& variable) const {
    return variable.required() && empty != EmptyValue::kFalse;
  }
};

/// The type of that name, or nullptr.
const InputType* find_input_type(std::string_view name);

/// What forms take for nothing: null, "", [] and {}.
bool is_empty_input(const json::value& value);

/// The whole rule of one variable: `given` is what was sent or the default, nullptr for neither.
/// The error is one that ends the whole validation.
Result<Checked> check_input(const Variable& variable, const json::value* given,
                            const CheckContext& context);

Checked refused(std::string message);

// Each is defined in the file of its kind, input_<kind>.cc.
Result<Checked> check_text(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_json(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_integer(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_boolean(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_choice(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_choices(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_object(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_objects(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_file(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_address(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_address_with_mask(const Variable&, const json::value&, const CheckContext&);
Result<Checked> check_network(const Variable&, const json::value&, const CheckContext&);

void describe_text(const Variable&, json::object& schema);
void describe_json(const Variable&, json::object& schema);
void describe_integer(const Variable&, json::object& schema);
void describe_boolean(const Variable&, json::object& schema);
void describe_choice(const Variable&, json::object& schema);
void describe_choices(const Variable&, json::object& schema);
void describe_object(const Variable&, json::object& schema);
void describe_objects(const Variable&, json::object& schema);
void describe_file(const Variable&, json::object& schema);
void describe_address(const Variable&, json::object& schema);
void describe_address_with_mask(const Variable&, json::object& schema);
void describe_network(const Variable&, json::object& schema);

/// `"type": type`, or `[type, "null"]` for a variable that may be left out.
json::value type_or_null(const Variable& variable, std::string_view type);

}  // namespace windlass
