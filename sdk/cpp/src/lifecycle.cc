/// One run from its frame to its result: before_start → run → on_success or on_failure →
/// after_return; or on_retry alone, where the job asks for another attempt.
#include <cstdio>
#include <iostream>
#include <memory>

#include "arrival.hpp"
#include "ending.hpp"
#include "registry.hpp"

namespace windlass::jobs::internal {
namespace {

/// Ends this process if job code forked it and has come back from there: it has no say in the run.
/// What it threw stands on stderr, as of any program.
void end_if_copy(const Run& run, const Ending& ending) {
  if (getpid() == run.process) return;
  std::cout.flush();
  if (ending.outcome.exception != nullptr) {
    std::fputs(ending.outcome.traceback.c_str(), stderr);
  }
  std::fflush(nullptr);
  _exit(ending.reason.empty() ? 0 : 1);
}

class Lifecycle {
 public:
  explicit Lifecycle(Run& run) : run_(run) {}

  Ending perform(const std::vector<int>& files) {
    try {
      run_.check_stop();
      return in_order(files);
    } catch (...) {
      // Thrown by on_failure, by after_return for the second time, or a stop before the start.
      Ending ending = Ending::caught(&run_);
      end_if_copy(run_, ending);
      return ending;
    }
  }

 private:
  Ending in_order(const std::vector<int>& files) {
    std::unique_ptr<Job> job;
    try {
      job.reset(run_.cls.source.make());
      detail::Arrival(files).deliver(run_.frame["inputs"], *job);
    } catch (...) {
      return Ending::caught(&run_);
    }
    Ending ending = body(*job);
    end_if_copy(run_, ending);
    try {
      if (ending.countdown) {
        job->on_retry(ending.outcome);
        return ending;
      }
      if (ending.reason.empty()) job->on_success(ending.outcome);
    } catch (...) {
      return second_ending(*job);
    }
    if (!ending.reason.empty()) {
      job->on_failure(ending.outcome);
    } else {
      take_failure(ending);
    }
    try {
      job->after_return(ending.outcome);
    } catch (...) {
      return second_ending(*job);
    }
    take_failure(ending);
    return ending;
  }

  Ending body(Job& job) {
    try {
      job.before_start();
      Json value = run_.failed ? Json() : job.run();
      return Ending::returned(std::move(value), run_.failed);
    } catch (const Retry& retry) {
      return Ending::retried(run_, retry);
    } catch (...) {
      return Ending::caught(&run_);
    }
  }

  /// fail() was called after run().
  void take_failure(Ending& ending) {
    if (!run_.failed || !ending.reason.empty()) return;
    ending.reason = "fail";
    ending.outcome.status = kFailure;
  }

  /// on_success, after_return or on_retry threw what is being handled: the run has failed, and the
  /// job is told so.
  Ending second_ending(Job& job) {
    Ending ending = Ending::caught(&run_);
    job.on_failure(ending.outcome);
    job.after_return(ending.outcome);
    return ending;
  }

  Run& run_;
};

struct OpenFiles {
  std::vector<int> descriptors;
  ~OpenFiles() {
    for (const int descriptor : descriptors) close(descriptor);
  }
};

std::string text_member(const Json& frame, std::string_view name) {
  const Json& value = frame[name];
  return value.is_string() ? value.as_string() : "";
}

Json unknown_class(const std::string& class_path) {
  return Ending::refused("unknown_class", "JobError",
                         "This version of the source has no job class " + class_path + ".")
      .frame();
}

}  // namespace

Json run_job(const Json& run_frame, std::vector<int> files, Host& host) {
  const OpenFiles open{std::move(files)};
  const std::string class_path = text_member(run_frame, "class_path");
  const JobClass* cls = find_class(class_path);
  if (cls == nullptr) return unknown_class(class_path);
  // Kept until the next one, for threads that the job has left behind and that still log.
  static std::unique_ptr<Run> last;
  last = std::make_unique<Run>(run_frame, *cls, host);
  const CurrentRun current(*last);
  Ending ending = Lifecycle(*last).perform(open.descriptors);
  last->watch.end();
  return std::move(ending).frame();
}

Json compute_choices(const Json& choices_frame, Host& host) {
  const std::string class_path = text_member(choices_frame, "class_path");
  const JobClass* cls = find_class(class_path);
  if (cls == nullptr) return unknown_class(class_path);
  const std::string method = text_member(choices_frame, "method");
  for (const auto& [name, compute] : cls->choices_methods) {
    if (name != method) continue;
    Run run(choices_frame, *cls, host);
    run.quiet = true;
    const CurrentRun current(run);
    const Json& form = choices_frame["form"];
    Ending ending;
    try {
      run.check_stop();
      ending = Ending::returned(to_json(compute(form.is_object() ? form : Json::object())), false);
    } catch (...) {
      ending = Ending::caught(&run);
    }
    end_if_copy(run, ending);
    return std::move(ending).frame();
  }
  return Ending::refused("exception", "JobError",
                         class_path + " has no method " + method + " that computes choices.")
      .frame();
}

}  // namespace windlass::jobs::internal
