// How a run ends, and what is called around it.
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <windlass/jobs.hpp>
using namespace windlass::jobs;

namespace {

class Ends : public Job {
 public:
  static inline const Meta meta{.has_sensitive_variables = false};
};

Choices places() {
  Choices choices;
  for (const char* name :
       {"nowhere", "before_start", "run", "on_success", "on_failure", "after_return"}) {
    choices.emplace_back(name, name);
  }
  return choices;
}

class Steps : public Ends {
 public:
  MultiChoiceVar throws_in{this, "throws_in", {.choices = places(), .required = false}};
  MultiChoiceVar fails_in{this, "fails_in", {.choices = places(), .required = false}};

  void step(const std::string& name, const std::string& detail = "") {
    logger.grouping("order").info("{}{}{}", name, detail.empty() ? "" : " ", detail);
    const auto has = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (has(*fails_in)) fail("failed in {}", name);
    if (has(*throws_in) && thrown_.insert(name).second) throw std::runtime_error(name);
  }
  void before_start() override { step("before_start"); }
  Json run() override {
    step("run");
    return "from run";
  }
  void on_success(const Outcome& outcome) override {
    step("on_success", outcome.result.as_string());
  }
  void on_failure(const Outcome& outcome) override { step("on_failure", outcome.message); }
  void after_return(const Outcome& outcome) override {
    step("after_return", std::string(outcome.status));
  }

 private:
  std::set<std::string> thrown_;
};

class Returns : public Ends {
 public:
  StringVar which{this, "which"};
  Json run() override {
    if (*which == "nested") {
      return {{"list", Json::array({1, 2.5, true, nullptr, "text"})}, {"größe", Json::object()}};
    }
    if (*which == "numbers") {
      return Json::array({std::numeric_limits<std::int64_t>::min(),
                          std::numeric_limits<std::uint64_t>::max(), 1e300});
    }
    if (*which == "bytes") return "caf\xe9";
    if (*which == "nan") {
      return {{"deep", Json::array({std::numeric_limits<double>::quiet_NaN()})}};
    }
    if (*which != "deep") return {};
    Json deep(1);
    for (int level = 0; level < 60; ++level) deep = Json::array({std::move(deep)});
    return deep;
  }
};

class Throws : public Ends {
 public:
  Json run() override {
    try {
      throw std::out_of_range("the cause");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("no such device: größe"));
    }
  }
};

class Flaky : public Ends {
 public:
  static inline const Meta meta{
      .has_sensitive_variables = false, .max_retries = 2, .retry_delay = 0};
  IntegerVar succeeds_at{this, "succeeds_at"};
  Json run() override {
    logger.info("attempt {}", attempt());
    if (attempt() < *succeeds_at) {
      try {
        throw std::runtime_error("no answer");
      } catch (const std::runtime_error&) {
        retry();
      }
    }
    return attempt() - 1;
  }
  void on_retry(const Outcome& outcome) override {
    logger.warning("again, after {}", outcome.message);
  }
  void after_return(const Outcome& outcome) override {
    logger.info("after_return {}", outcome.status);
  }
};

class GivesUp : public Ends {
 public:
  Json run() override { retry({.countdown = 0, .max_retries = 1}); }
};

class Soft : public Ends {
 public:
  static inline const Meta meta{
      .has_sensitive_variables = false, .soft_time_limit = 0.2, .time_limit = 20};
  BooleanVar tidies_up{this, "tidies_up"};
  Json run() override {
    try {
      while (true) {
        ::usleep(1000);
        check_stop();
      }
    } catch (const SoftTimeLimitExceeded&) {
      if (tidies_up) return "tidied up";
      throw;
    }
  }
};

class Hard : public Ends {
 public:
  static inline const Meta meta{
      .has_sensitive_variables = false, .soft_time_limit = 0.2, .time_limit = 0.7};
  Json run() override {
    while (true) ::pause();
  }
};

class Waits : public Ends {
 public:
  BooleanVar listens{this, "listens"};
  Json run() override {
    logger.info("begun");
    while (true) {
      ::usleep(1000);
      try {
        if (listens) check_stop();
      } catch (const RunCancelled&) {
        logger.warning("tidied up");
        throw;
      }
    }
  }
};

class Single : public Ends {
 public:
  static inline const Meta meta{.has_sensitive_variables = false, .is_singleton = true};
  StringVar release{this, "release", {.required = false}};
  Json run() override {
    if (!release->empty()) {
      logger.info("holding");
      std::ifstream file(*release);
      const std::string ignored{std::istreambuf_iterator<char>(file), {}};
    }
    return "done";
  }
};

}  // namespace

static const auto registered =
    register_jobs<Steps, Returns, Throws, Flaky, GivesUp, Soft, Hard, Waits, Single>();
