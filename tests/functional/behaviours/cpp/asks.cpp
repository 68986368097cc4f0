// What a job knows of itself, its files and the server; and receivers.
#include <string>
#include <vector>
#include <windlass/jobs.hpp>
using namespace windlass::jobs;

namespace {

class Knows : public Job {
 public:
  static inline const Meta meta{.name = "It knows", .has_sensitive_variables = false};
  StringVar word{this, "word", {.default_value = "a word"}};
  IPAddressVar address{this, "address", {.required = false}};
  Json run() override {
    return {{"task", task_id()}, {"attempt", attempt()}, {"queue", queue()},  {"user", user().name},
            {"job", job().name}, {"path", class_path()}, {"inputs", inputs()}};
  }
};

class Open : public Job {
 public:
  static inline const Meta meta{.has_sensitive_variables = false};
};

class Reads : public Open {
 public:
  StringVar file{this, "file", {.default_value = "limits.json"}};
  Json run() override { return load_json(*file).at("disk"); }
};

class Asks : public Open {
 public:
  Json run() override {
    const Objects queues = Objects("extras.jobqueue").filter({{"name", "default"}});
    const Record mine = Objects("extras.jobresult").get({{"id", task_id()}});
    std::string wrong = "none";
    try {
      Objects("extras.jobqueue").filter({{"nonsense", 1}}).count();
    } catch (const Refused&) {
      wrong = "refused";
    }
    return {{"count", queues.count()},
            {"exists", Objects("extras.jobqueue").filter({{"name", "nowhere"}}).exists()},
            {"name", queues.order_by("-name").first().value()["name"]},
            {"status", mine["status"]},
            {"user", mine.related("user").value()["username"]},
            {"who", Record("users.user", user().id)["username"]},
            {"wrong", wrong}};
  }
};

class Validates : public Open {
 public:
  Json run() override {
    const Json good = validate_inputs<Knows>({{"word", " trimmed "}, {"address", "192.0.2.1"}});
    std::vector<std::string> fields;
    try {
      validate_inputs<Knows>({{"address", "nowhere"}});
    } catch (const ValidationError& problem) {
      for (const auto& [name, messages] : problem.fields()) fields.push_back(name);
    }
    return Json::array({good["word"], good["address"], fields});
  }
};

class Hook : public JobHookReceiver {
 public:
  static inline const Meta meta{.description = "Told of changes"};
  Json receive_job_hook(const Record&, std::string_view action,
                        const Record& changed_object) override {
    logger.info("{}: {}", action, changed_object);
    return {};
  }
};

class Button : public JobButtonReceiver {
 public:
  Json receive_job_button(const Record& object) override {
    logger.info("pressed on {}", object);
    return {};
  }
};

}  // namespace

static const auto registered =
    register_jobs<Knows, Reads, Asks, Validates, Hook, Button>({.grouping = "Questions"});
