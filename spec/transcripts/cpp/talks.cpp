// Jobs that make the child say everything that a child can say.
#include <poll.h>

#include <limits>
#include <ostream>
#include <stdexcept>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace {

struct Place {
  std::string get_absolute_url() const { return "/places/paris/"; }
};

std::ostream& operator<<(std::ostream& out, const Place&) { return out << "Paris"; }

/// Logs, shows progress, creates a file, succeeds.
class Reports : public Job {
 public:
  static inline const Meta meta{.description = R"(
            First line.

            More.
        )",
                                .field_order = {"count"},
                                .has_sensitive_variables = false,
                                .soft_time_limit = 5,
                                .task_queues = {"default", "slow"}};

  StringVar text{
      this,
      "text",
      {.min_length = 1, .max_length = 20, .regex = "^[a-z]+$", .default_value = "hi"}};
  TextVar lines{this, "lines", {.label = "Lines", .required = false}};
  IntegerVar count{this, "count", {.min_value = 0, .max_value = 9}};
  BooleanVar flag{this, "flag", {.default_value = true}};
  ChoiceVar choice{this, "choice", {.choices = {{"a", "A"}, {"Group", {{"b", "B"}, {"c", "C"}}}}}};
  DryRunVar dryrun{this};

  Json run() override {
    logger.debug("at {}", "debug");
    logger.info("at {}", "info");
    logger.success("at {}", "success");
    logger.warning("at {}", "warning");
    logger.failure("at {}", "failure");
    logger.error("at {}", "error");
    logger.critical("at {}", "critical");
    logger.grouping("cities").about(Place()).info("seen");
    progress(1, 2, "half");
    const CreatedFile report = create_file("report.txt", "one\n");
    return {{"file", report.id},
            {"inputs", Json::array({*text, *lines, *count, *flag, *choice, *dryrun})}};
  }
};

class Raises : public Job {
 public:
  Json run() override { throw std::runtime_error("no such device"); }
};

class Fails : public Job {
 public:
  Json run() override {
    fail("{} of {}", 1, 3);
    return Json::array({"partial"});
  }
};

class Waits : public Job {
 public:
  Json run() override {
    logger.info("waiting");
    while (true) {
      poll(nullptr, 0, -1);
      check_stop();
    }
  }

  void after_return(const Outcome& outcome) override {
    logger.info("{} after {}", outcome.status, outcome.exception_type);
  }
};

class Returns : public Job {
 public:
  Json run() override {
    const Json nothing{{"x", std::numeric_limits<double>::quiet_NaN()}};
    return {{"rows", Json::array({1, nothing})}};
  }
};

class Adds : public Job {
 public:
  IntegerVar first{this, "first"};
  IntegerVar second{this, "second"};

  Json run() override { return *first + *second; }
};

}  // namespace

static const auto registered =
    register_jobs<Reports, Raises, Fails, Waits, Returns, Adds>();
