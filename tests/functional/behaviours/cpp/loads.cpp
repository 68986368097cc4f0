// What is read from YAML beside the module.
#include <windlass/jobs.hpp>
using namespace windlass::jobs;

namespace {

class Loads : public Job {
 public:
  static inline const Meta meta{.has_sensitive_variables = false};
  JSONVar files{this, "files", {.description = "Names of files"}};
  Json run() override {
    Json loaded = Json::object();
    for (const Json& file : *files) loaded[file.as_string()] = load_yaml(file.as_string());
    return loaded;
  }
};

}  // namespace

static const auto registered = register_jobs<Loads>({.grouping = "Documents"});
