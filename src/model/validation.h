#pragma once

#include <map>
#include <string>
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
/// By the variable's name.
using UploadedFiles = std::map<std::string, UploadedFile, std::less<>>;

/// What the rules need to know beyond the declarations: storage and job code stand behind it.
class InputLookup {
 public:
  virtual ~InputLookup() = default;
  /// The ids of the objects that `given`, a value of an ObjectVar or one element of a
  /// MultiObjectVar's, names: an id, a name, or an object of filters. `form` holds the inputs so
  /// far, for `$other` in query_params. Error `input.invalid` with the message for the field; any
  /// other error ends the validation.
  virtual Result<std::vector<Uuid>> objects(const Variable& variable, const json::value& given,
                                            const json::object& form) = 0;
  /// What the variable's choices_method returns for `form`. Error `input.invalid` likewise.
  virtual Result<json::array> choices(const Variable& variable, const json::object& form) = 0;
};

/// The rules of input variables, the same for REST, form and command line (behaviour: forms'
/// coercion, "5" is 5). `variables` is Job::variables, `data` the inputs given, `files` those that
/// came as uploads. Returns a value for every declared variable, as the `run` frame of
/// spec/runner-protocol.md has them (a file: {"name", "size"}): what was given, coerced; else the
/// default; else the kind's empty value. Error `job.inputs` with the messages of all fields at once;
/// `job.data_not_object` when data is no object (null counts as {}); what `lookup` fails with. Pure
/// but for `lookup`.
Result<json::object> validate_inputs(const json::value& variables, const json::value& data,
                                     const UploadedFiles& files, InputLookup& lookup);

}  // namespace windlass
