#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace windlass::runner {

/// The account that a program runs under.
struct Account {
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;
  std::string home;
};
/// Error `runner.job_user`: no such account, or this process may not become another one.
Result<Account> find_account(const std::string& name);

struct SpawnPlan {
  std::vector<std::string> command;  ///< the program's path, then its arguments
  std::vector<std::string> environment;
  UniqueFd control;  ///< becomes descriptor 3; may be none
  UniqueFd output;   ///< becomes stdout and stderr
  std::optional<Account> account;
  std::string folder = {};  ///< where it runs; "": where this process does
};

/// Whether this process started it and has not been told of its end. Thread-safe.
bool is_our_program(pid_t pid);
/// It has been reaped. Thread-safe.
void forget_program(pid_t pid);

/// Starts programs from one thread of its own, because the parent-death signal of a program follows
/// the thread that started it: when the thread ends, they are killed.
class Spawner {
 public:
  Spawner();
  ~Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;
  /// Starts the program and calls `done` with its pid, on the spawner's thread. Error
  /// `runner.interpreter`.
  void spawn(SpawnPlan plan, std::function<void(Result<pid_t>)> done);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> requests_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace windlass::runner
