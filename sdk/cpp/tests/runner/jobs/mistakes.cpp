// What nothing refuses and an author should know.
#include <windlass/jobs.hpp>
using namespace windlass::jobs;

class Nothing : public Job {
 public:
  Json run() override { return {}; }
};

class TooLate : public Nothing {
 public:
  static inline const Meta meta{.name = "The same", .soft_time_limit = 5, .time_limit = 5};
};

class Same : public Nothing {
 public:
  static inline const Meta meta{.name = "The same"};
};

class Forgotten : public Nothing {};

class Press : public JobButtonReceiver {
 public:
  Json receive_job_button(const Record&) override { return {}; }
};

static const auto registered = register_jobs<TooLate, Same>();
