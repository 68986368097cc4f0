#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/validation.h"

namespace windlass {

/// One input variable for the answers given so far.
struct FormField {
  std::string name;
  bool visible = true;
  /// As run() would get it. The kind's empty value for a hidden field and for one with messages.
  json::value value;
  /// What the variable's choices_method returned; none for other variables, hidden ones, errors.
  std::optional<json::array> choices;
  /// What is wrong with what was given; empty when nothing is.
  std::vector<std::string> messages;
};

/// What a form shows for the answers given so far.
struct FormState {
  std::vector<FormField> fields;  ///< in form order
  FieldErrors unknown;            ///< names given that no variable has
  bool valid() const;
};

/// The rules of input variables in full: validate_inputs() is this, and nothing else. What is
/// given for a hidden variable is dropped, whatever it is.
///   Visibility: `visible_if` compares with the values of the other variables as run() would get
///   them: a hidden or refused one counts as its empty value, null stands for empty. Of a
///   MultiChoiceVar or MultiObjectVar one element has to be among those named; an object counts by
///   its id. A computed choice counts as given, before it is compared with the choices. The order
///   of definition does not matter; conditions that go in a circle are those fields' errors.
///   Computed choices: each visible variable with a choices_method has it called once, in form
///   order, after all other variables are checked, whether they are right or not: a form that is
///   half filled in needs its choices. It gets the values of all variables as run() would get them
///   (a refused one's is empty), but not those of sensitive variables, and of computed ones only
///   those before it in the form. What goes wrong there is that field's error.
/// Parameters and errors as validate_inputs(), but for `job.inputs`.
Result<FormState> evaluate_form(const json::value& variables, const json::value& data,
                                const UploadedFiles& files, InputLookup& lookup);

}  // namespace windlass
