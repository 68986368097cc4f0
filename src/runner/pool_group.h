#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runner/pool_core.h"
#include "runner/split_version.h"

namespace windlass::runner {

/// The interpreters of a Pool: a PoolCore for each that a version needs, made when one first does
/// and ended when none does any more and the last run is over. A run goes to the one whose version
/// has its class. Where all sources have one interpreter, everything is just passed on. Event loop
/// only; calls as of Runner.
class PoolGroup {
 public:
  PoolGroup(PoolOptions options, EventLoop& loop, const Clock& clock, Spawner& spawner);
  ~PoolGroup();

  void load(const VersionSpec& version, Load::Done done);
  void serve(const std::string& id, const SourceVersions& sources);
  void expect_version(Micros at_most);
  std::unique_ptr<Run> start(RunSpec spec, RunObserver& observer);
  std::size_t active() const;
  /// Ends everything and calls back when nothing is left.
  void stop(const std::function<void()>& done);

 private:
  struct Member {
    std::string python;
    std::unique_ptr<PoolCore> core;
    int loads = 0;        ///< under way
    bool ending = false;  ///< takes nothing new
  };
  struct Loaded {
    std::string id;
    std::vector<Member*> parts;
  };
  /// An interpreter that could not be used, while others could.
  struct Failure {
    Error why;
    bool slow = false;  ///< a further load does not wait for it
    VersionPart part;
    std::unique_ptr<EventLoop::Timer> retry;
  };
  class Joining;

  Member& member_for(const std::string& python);
  /// Where a run of this class is to go.
  PoolCore& route(std::string_view class_path);
  /// Has a member import a part. Whoever calls counts its loads down again.
  Member& load_part(const VersionPart& part, Load::Done done);
  void joined(Joining& joining);
  void note_failure(VersionPart part, Error why, Micros took);
  void try_again(std::string python);
  void end_unneeded();
  bool is_needed(const Member& member) const;
  void remove(const Member* member);

  const PoolOptions options_;
  EventLoop& loop_;
  const Clock& clock_;
  Spawner& spawner_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<Loaded> loaded_;  ///< could be served
  Loaded serving_;              ///< without parts before the first
  std::map<std::string, Failure> failures_;
  bool stopping_ = false;
  /// Callbacks that were posted hold this weakly.
  std::shared_ptr<PoolGroup*> alive_;
};

}  // namespace windlass::runner
