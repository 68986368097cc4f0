#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "cli/home.h"
#include "cli/job_runtime.h"
#include "engine/runner_choices.h"

namespace windlass::cli {

/// Has job code compute choices, in the processes of this program's worker, or where it has none in
/// processes of its own, which the first call starts: that call waits for the import too. Home and
/// shared runtime outlive it. Thread-safe.
class JobChoices final : public engine::ChoiceSource {
 public:
  /// `watch`: processes of its own follow changes of the job files.
  JobChoices(Home& home, bool watch) : home_(home), watch_(watch) {}
  /// Uses these processes. Before the first call.
  void share(JobRuntime& runtime) { compute_in(runtime); }
  Result<json::array> compute(const Job& job, const std::string& method,
                              const json::object& form) override;
  /// Ends the calls under way and refuses later ones. Before the shared runtime ends.
  void stop();

 private:
  Result<void> make_ready();
  void compute_in(JobRuntime& runtime);

  Home& home_;
  const bool watch_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::unique_ptr<JobRuntime> own_;  ///< as below: set once, under the mutex
  std::optional<engine::RunnerChoices> choices_;
};

}  // namespace windlass::cli
