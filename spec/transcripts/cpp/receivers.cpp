// Receivers, and a job that reads a file beside its source and forks a copy of itself.
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace {

class Audit : public JobHookReceiver {
 public:
  static inline const Meta meta{.name = "Audit changes"};
  Json receive_job_hook(const Record&, std::string_view action,
                        const Record& changed_object) override {
    logger.info("{}: {}", action, changed_object);
    return {};
  }
};

class Ping : public JobButtonReceiver {
 public:
  Json receive_job_button(const Record& object) override {
    logger.info("Pinging {}", object);
    return {};
  }
};

class Limits : public Job {
 public:
  Json run() override {
    const pid_t copy = fork();
    if (copy == 0) throw std::runtime_error("in the copy");
    int status = 0;
    waitpid(copy, &status, 0);
    return {{"copy", WEXITSTATUS(status)}, {"disk", load_json("limits.json").at("disk")}};
  }
};

const auto registered = register_jobs<Audit, Ping, Limits>();

}  // namespace
