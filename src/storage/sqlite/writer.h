#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "storage/notifier.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/errors.h"

namespace windlass::sqlite {

/// What a write is given: the connection, inside a transaction, and the notices to send once it is
/// committed.
struct Write {
  Connection& db;
  std::vector<Notice>& notices;

  void notice(Notice::Kind kind, std::int64_t number = 0) { notices.push_back({kind, number}); }
};

/// The one connection that writes, with group commit: what queued up while a transaction was being
/// committed shares the next one, on a thread of the writer's own. Nothing waits for company: when
/// nobody is writing, a caller commits its write itself, which saves two changes of threads.
///
/// A write that fails before it has changed anything ends alone. When one fails after that, or the
/// transaction breaks, the transaction is rolled back and each write of the group is done again by
/// itself, so that a failing one never disturbs the others. Hence a write may be called twice: it
/// must depend on nothing but its input and the database.
class Writer {
 public:
  using Publish = std::function<void(const std::vector<Notice>&)>;

  /// `publish` is called after each commit, before its callers return, on any of the threads that
  /// commit, and on several at once.
  Writer(std::unique_ptr<Connection> connection, Publish publish);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Calls `body(Write&)`, which returns a Result, here or on the writer's thread; returns when it
  /// is durable. Any thread, but not inside a write.
  template <class Body>
  auto run(Body body) -> std::invoke_result_t<Body&, Write&> {
    std::optional<std::invoke_result_t<Body&, Write&>> outcome;
    const std::optional<Error> failure = submit([&](Write& write) {
      outcome.emplace(guarded([&] { return body(write); }));
      return outcome->ok() ? std::nullopt : std::optional<Error>(outcome->error());
    });
    if (failure) return *failure;
    return *std::move(outcome);
  }

 private:
  struct Task;
  using Group = std::vector<std::shared_ptr<Task>>;
  using Body = std::function<std::optional<Error>(Write&)>;

  std::optional<Error> submit(const Body& body);
  void loop();
  void settle(const Group& group, std::unique_lock<std::mutex>& lock);
  bool commit_together(const Group& group);
  void commit_alone(Task& task);

  std::unique_ptr<Connection> connection_;  ///< of the thread that made the writer busy
  Publish publish_;
  std::atomic<std::thread::id> writing_{};  ///< the thread within a transaction
  std::mutex mutex_;                        ///< guards what stands below
  std::condition_variable changed_;
  Group waiting_;
  bool busy_ = false;  ///< somebody uses the connection
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace windlass::sqlite
