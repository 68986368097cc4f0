#pragma once

/// The loop of the base process and of a zygote: fork when asked, reap, report, and end what a
/// child left behind. Single-threaded.

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "channel.h"

namespace windlass::runner {

class Nursery {
 public:
  /// What a forked process does; never returns.
  using Role = std::function<void(pid_t parent, std::vector<int> descriptors)>;
  /// Obeys a frame of the host; false where its type is not known.
  using Obey = std::function<bool(const Json& frame, Descriptors& descriptors)>;

  /// Forks for the host behind `control`, which outlives this. Processes that this one has already
  /// are left alone: they are no child's leavings.
  explicit Nursery(Channel& control);

  /// Serves the control socket until the host closes it or says `exit`; then everything below this
  /// process ends, and this process.
  [[noreturn]] void serve(const Obey& obey);

  /// Forks a process for `role` and answers the host. `kind` is the member of the answer that
  /// carries `name`; the descriptors go to the new process.
  void fork(std::string_view kind, const std::string& name, Descriptors& descriptors,
            const Role& role);

  /// Tells the host that a process could not be forked.
  void refuse(std::string_view kind, const std::string& name, std::string_view message);

  /// Sends a frame to the host; without a host, ends.
  void tell(const Json& frame);

 private:
  struct Child {
    std::string kind;
    std::string name;
  };

  void obey_next(const Obey& obey);
  void reap();
  /// Collects every process that has ended; false when no process is left.
  bool wait_for_ended();
  /// Kills what dead children left to us; false once nothing is left. Their ends wake the loop for
  /// another look.
  bool end_strays();
  bool is_stray(pid_t pid) const;
  [[noreturn]] void end();

  Channel& control_;
  std::unordered_map<pid_t, Child> children_;
  std::vector<pid_t> left_alone_;
  std::vector<Json> ended_;
};

}  // namespace windlass::runner
