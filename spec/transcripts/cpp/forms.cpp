// Jobs with every kind of input, and what jobs ask of the host.
#include <iostream>
#include <stdexcept>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace {

/// Says what it got.
class Takes : public Job {
 public:
  static inline const Meta meta{.max_retries = 2, .retry_backoff = 2, .retry_delay = 5};

  StringVar secret{this, "secret", {.sensitive = true}};
  MultiChoiceVar days{this,
                      "days",
                      {.choices = {{"mo", "Monday"}, {"tu", "Tuesday"}}, .default_value = {{"mo"}}}};
  ObjectVar job_record{
      this,
      "job",
      {.model = "extras.Job", .display_field = "name", .query_params = {{"enabled", true}}}};
  MultiObjectVar results{this,
                         "results",
                         {.model = "extras.jobresult", .query_params = {{"job_model", "$job"}}}};
  FileVar hosts{this, "hosts"};
  FileVar keys{this,
               "keys",
               {.sensitive = true, .required = false, .visible_if = {{"days", {"mo", "tu"}}}}};
  JSONVar settings{this, "settings", {.default_value = {{"a", {1}}}}};
  IPAddressVar address{this, "address"};
  IPAddressWithMaskVar interface{this, "interface", {.required = false}};
  IPNetworkVar network{this, "network", {.min_prefix_length = 8, .max_prefix_length = 30}};

  void before_start() override { logger.info("{} {}", hosts->name(), results); }

  Json run() override {
    return {{"secret", secret},
            {"days", days},
            {"settings", settings},
            {"lines", hosts->lines()},
            {"sizes", Json::array({hosts->name(), hosts->size(), keys->name(), keys->read(2)})},
            {"addresses", Json::array({*address + 1, interface, network->prefix_length()})},
            {"job", job_record->id()}};
  }
};

/// Asks for records, and whether inputs are right.
class Asks : public Job {
 public:
  Json run() override {
    const Objects failed =
        Objects("extras.jobresult").filter({{"status", "FAILURE"}, {"name__ic", "back"}});
    const Record first = failed.order_by("-date_created").first().value();
    const Json username = first.related("user").value()["username"];
    logger.info("{}: {} of {}", first, username, failed.count());
    try {
      validate_inputs<Takes>({{"days", "we"}});
    } catch (const ValidationError& problem) {
      logger.warning("{}", problem.fields().at("days")[0]);
    }
    return first;
  }
};

class Chooses : public Job {
 public:
  static Choices site_choices(const Json& form) {
    std::cout << "nobody sees this\n";
    std::string group = form["region"].as_string();
    for (char& c : group) c = static_cast<char>(c - 'a' + 'A');
    return {{"", "None"}, {group, {{1, "Paris"}, {2, "Rome"}}}};
  }

  ChoiceVar region{this, "region", {.choices = {{"emea", "EMEA"}}}};
  ChoiceVar site{this, "site", {.choices_method = site_choices}};

  Json run() override { return *site; }
};

class Retries : public Job {
 public:
  Json run() override {
    try {
      throw std::runtime_error("no answer");
    } catch (const std::runtime_error&) {
      retry({.countdown = 5});
    }
  }

  void on_retry(const Outcome& outcome) override {
    logger.info("again after {}", outcome.exception_type);
  }
  void after_return(const Outcome&) override { logger.info("never"); }
};

}  // namespace

static const auto registered = register_jobs<Takes, Asks, Chooses, Retries>();
