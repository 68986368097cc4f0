#include "check.h"

#include <map>
#include <string>
#include <windlass/jobs/format.hpp>

namespace windlass::runner {
namespace {

using windlass::jobs::format;

Json warning_of(const Json& cls, const char* code, const std::string& message) {
  return Json::object({{"class_path", cls["class_path"]},
                       {"code", code},
                       {"file_path", cls["file_path"]},
                       {"line", cls["line"]},
                       {"message", message}});
}

void look_at_limits(const Json& cls, Json& warnings) {
  const double soft = cls["meta"]["soft_time_limit"].as_number();
  const double hard = cls["meta"]["time_limit"].as_number();
  if (hard == 0 || hard > soft) return;
  warnings.push_back(
      warning_of(cls, "meta.time_limit",
                 format("Meta.time_limit ({:g} s) is not above Meta.soft_time_limit ({:g} s), so "
                        "the job is killed before it can tidy up",
                        hard, soft)));
}

}  // namespace

void look_for_mistakes(const Json& modules, Json& warnings) {
  std::map<std::string, std::string> owners;  // of names
  for (const Json& module : modules) {
    for (const Json& cls : module["classes"]) {
      look_at_limits(cls, warnings);
      const std::string& name = cls["meta"]["name"].as_string();
      const std::string& path = cls["class_path"].as_string();
      const auto [owner, is_first] = owners.emplace(name, path);
      if (is_first) continue;
      warnings.push_back(
          warning_of(cls, "meta.same_name",
                     format("The name {} is that of {} too; the record of one gets a suffix",
                            Json(name).dump(), owner->second)));
    }
  }
}

}  // namespace windlass::runner
