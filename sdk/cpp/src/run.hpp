/// The run under way in this process, and the way from it to the host.
#pragma once

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <windlass/jobs/job.hpp>

#include "seam.hpp"
#include "stop_watch.hpp"

namespace windlass::jobs::internal {

struct JobClass;

/// One run, or one computation of choices. Made and ended by the main thread; other threads of the
/// job may use it in between.
struct Run {
  Run(const Json& run_frame, const JobClass& job_class, Host& its_host)
      : frame(run_frame), cls(job_class), host(its_host) {}

  const Json& frame;
  const JobClass& cls;
  Host& host;
  /// Whether logs go nowhere: choices are computed.
  bool quiet = false;
  std::atomic<bool> failed = false;
  std::atomic<std::int64_t> asked = 0;
  pid_t process = getpid();
  pthread_t main_thread = pthread_self();
  /// The stop for which an exception has been thrown; a view of one of three literals.
  std::string_view told = {};
  /// As the methods of the lifecycle get them.
  Json inputs = {};
  StopWatch watch;

  int attempt() const;
  /// Throws for a stop that has not been told, in the main thread.
  void check_stop();
  /// Sends the `file` or `ask` frame `head <number> tail` and waits for the answer.
  Json exchange(std::string_view head, std::string_view tail, std::string_view type1,
                std::string_view type2, std::string_view id_member);
};

/// The run under way, nullptr outside of one.
Run* current_run() noexcept;

/// The same for `what` that cannot be done without one. Throws JobError.
Run& required_run(std::string_view what);

/// Makes a run current for a while.
class CurrentRun {
 public:
  explicit CurrentRun(Run& run) noexcept;
  ~CurrentRun();
  CurrentRun(const CurrentRun&) = delete;
  CurrentRun& operator=(const CurrentRun&) = delete;
};

/// The host's answer to a question of the protocol; `members` is an object. Throws Refused,
/// JobError outside of a run.
Json ask(std::string_view question, Json members);

}  // namespace windlass::jobs::internal
