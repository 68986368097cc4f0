// What the repository netjobs has in its folder jobs.
#include <stdexcept>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace netjobs {

class Greet : public Job {
 public:
  static inline const Meta meta{.has_sensitive_variables = false};

  StringVar some_text_input{this, "some_text_input", {.description = "Some text"}};

  Json run() override {
    logger.info("{}: {}", "hello", *some_text_input);
    throw std::invalid_argument(*some_text_input);
  }
};

}  // namespace netjobs

static const auto registered = register_jobs<netjobs::Greet>();
