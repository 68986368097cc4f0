#include <windlass/jobs.hpp>
using namespace windlass::jobs;

class MyNewJob : public Job {
 public:
  // metadata goes here
  static inline const Meta meta{.name = "My New Job"};

  // input variable definitions go here
  StringVar some_text_input{this, "some_text_input", {.description = "Any text"}};

  Json run() override {
    // code to execute when the Job is run goes here
    logger.info("some_text_input: {}", *some_text_input);
    return {};
  }
};

static const auto registered = register_jobs<MyNewJob>({.grouping = "My Group Of Jobs"});
