// What measure.cc runs.
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

class Nothing : public Job {
 public:
  Json run() override { return {}; }
};

class Logs : public Job {
 public:
  IntegerVar count{this, "count"};

  Json run() override {
    for (std::int64_t number = 0; number < *count; ++number) logger.info("entry number {}", number);
    return *count;
  }
};

static const auto registered = register_jobs<Nothing, Logs>();
