#include "model/validation.h"

#include <fmt/format.h>

#include "model/form_state.h"

namespace windlass {

Result<json::object> validate_inputs(const json::value& variables, const json::value& data,
                                     const UploadedFiles& files, InputLookup& lookup) {
  WL_TRY(FormState state, evaluate_form(variables, data, files, lookup));
  FieldErrors errors = std::move(state.unknown);
  json::object values;
  for (FormField& field : state.fields) {
    if (field.messages.empty()) {
      values[field.name] = std::move(field.value);
    } else {
      errors[field.name] = std::move(field.messages);
    }
  }
  if (errors.empty()) return values;
  std::string names;
  for (const auto& [name, messages] : errors) names += (names.empty() ? "" : ", ") + name;
  return Error{"job.inputs", fmt::format("These inputs were refused: {}.", names), "",
               std::move(errors)};
}

}  // namespace windlass
