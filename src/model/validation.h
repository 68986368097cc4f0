#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/result.h"
#include "model/job.h"

namespace windlass {

/// A file that came with the inputs.
struct UploadedFile {
  std::string name;  ///< as the client called it: a label, never a path to open
  std::string content;
};
/// As many files as a job can be given (spec/runner-protocol.md).
inline constexpr std::size_t kMostInputFiles = 16;

/// By the variable's name.
using UploadedFiles = std::map<std::string, UploadedFile, std::less<>>;

/// The code of a lookup's error whose message is the field's; any other ends the validation.
inline constexpr std::string_view kInputInvalid = "input.invalid";

/// What the rules need to know beyond the declarations: storage and job code stand behind it.
class InputLookup {
 public:
  virtual ~InputLookup() = default;
  /// The ids of the objects that `given`, a value of an ObjectVar or one element of a
  /// MultiObjectVar's, names: an id, a name, or an object of filters. `form` holds the values of
  /// the variables that query_params names with `$`; an empty one narrows nothing. Error
  /// `input.invalid` with the message for the field.
  virtual Result<std::vector<Uuid>> objects(const Variable& variable, const json::value& given,
                                            const json::object& form) = 0;
  /// What the variable's choices_method returns for `form`, the other inputs without sensitive
  /// ones. Error `input.invalid` likewise.
  virtual Result<json::array> choices(const Variable& variable, const json::object& form) = 0;
};

/// The rules of input variables, the same for REST, form and command line (behaviour: forms'
/// coercion, "5" is 5). `variables` is Job::variables, `data` the inputs given, `files` those that
/// came as uploads. Returns a value for every declared variable, as the `run` frame of
/// spec/runner-protocol.md has them (a file: {"name", "size"}): what was given, coerced; else the
/// default; else the kind's empty value, as for whatever is hidden (form_state.h has the rules).
/// Values returned are taken again unchanged, but for files, which come as uploads, and for texts
/// of a JSONVar, which are read as JSON each time. Error `job.inputs` with the messages of all
/// fields at once; `job.data_not_object` when data is no object (null counts as {}); what `lookup`
/// fails with. Pure but for `lookup`.
Result<json::object> validate_inputs(const json::value& variables, const json::value& data,
                                     const UploadedFiles& files, InputLookup& lookup);

}  // namespace windlass
