#include "engine/choices.h"

namespace windlass::engine {

Result<json::array> NoChoices::compute(const Job& job, const std::string& method,
                                       const json::object&) {
  return Error{"job.choices", "The choices that " + job.class_path + "." + method +
                                  "() computes cannot be had here."};
}

}  // namespace windlass::engine
