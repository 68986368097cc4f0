#include "base/text.h"
#include "model/input_types.h"

namespace windlass {

Result<Checked> check_file(const Variable&, const json::value& given, const CheckContext& context) {
  if (!is_empty_input(given)) {
    return refused(
        "A file cannot stand among the inputs: send it as a file of multipart/form-data, or with "
        "`--file NAME=PATH` on the command line.");
  }
  WL_CHECK(context.upload != nullptr, "a file is checked when something came for it");
  const UploadedFile& upload = *context.upload;
  if (upload.content.empty()) return refused("The submitted file is empty.");
  return Checked{
      json::object{{"name", to_valid_utf8(upload.name)}, {"size", upload.content.size()}}, {}};
}

/// The content comes beside the inputs, so that the schema has nothing to say of the value.
void describe_file(const Variable&, json::object& schema) {
  schema["contentMediaType"] = "application/octet-stream";
  schema["x-upload"] = "multipart/form-data";
}

}  // namespace windlass
