#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/event_loop.h"
#include "engine/progress.h"
#include "runner/runner.h"

namespace windlass::engine {

/// How one of Windlass' own jobs ended.
struct SystemEnd {
  bool succeeded = false;
  json::value result;
  std::string sentence;   ///< why not
  std::string traceback;  ///< of job code that did not import; "" when it was not that
};

/// Does the work of a run with these inputs; on a thread of its own. Ends soon when it is stopped.
using SystemJob = std::function<SystemEnd(const json::object& inputs, Progress& progress)>;

/// Runs Windlass' own jobs in this process, each run on a thread, and everything else with the
/// runner that it stands before. To whoever watches a run there is no difference: log frames, a
/// result, limits, stop. A thread cannot be killed: kill() asks as stop() does, and the run ends
/// when its work does. Calls as of Runner; outlives its runs.
class SystemRunner final : public runner::Runner {
 public:
  /// `jobs`: class path → what does its work. `version` is told as that of their source.
  SystemRunner(EventLoop& loop, runner::Runner& others, const Clock& clock, std::string version,
               std::map<std::string, SystemJob> jobs);
  ~SystemRunner() override;

  void load(const runner::VersionSpec& version,
            std::function<void(Result<runner::Manifest>)> done) override;
  void serve(const std::string& version, const runner::SourceVersions& sources) override;
  void expect_version(Micros at_most) override;
  std::unique_ptr<runner::Run> start(runner::RunSpec spec, runner::RunObserver& observer) override;
  std::size_t active() const override;

 private:
  class Task;
  class Handle;

  EventLoop& loop_;
  runner::Runner& others_;
  const Clock& clock_;
  const std::string version_;
  const std::map<std::string, SystemJob> jobs_;
  std::size_t active_ = 0;  ///< on the loop
};

}  // namespace windlass::engine
