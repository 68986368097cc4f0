#include <windlass/jobs.hpp>

using namespace windlass::jobs;

class MyNewJob : public Job {
 public:
  static inline const Meta meta{.name = "My New Job"};

  StringVar some_text_input{this, "some_text_input", {.description = "Some text"}};

  Json run() override {
    logger.info("some_text_input: {}", *some_text_input);
    return {};
  }
};

static const auto registered = register_jobs<MyNewJob>({.grouping = "My Group Of Jobs"});
