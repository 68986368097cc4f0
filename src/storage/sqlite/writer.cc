#include "storage/sqlite/writer.h"

#include <pthread.h>

#include <algorithm>
#include <future>

namespace windlass::sqlite {

namespace {

/// Bounds how long a caller can wait for the others of its group.
constexpr std::size_t kLargestGroup = 256;

}  // namespace

struct Writer::Task {
  explicit Task(const Body& with) : body(with) {}
  const Body& body;
  std::vector<Notice> notices;
  std::optional<Error> failure;
  std::promise<void> done;
};

Writer::Writer(std::unique_ptr<Connection> connection, Publish publish)
    : connection_(std::move(connection)),
      publish_(std::move(publish)),
      thread_([this] { loop(); }) {
  pthread_setname_np(thread_.native_handle(), "wl-db-writer");
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::optional<Error> Writer::submit(const Body& body) {
  WL_CHECK(writing_ != std::this_thread::get_id(), "a write was asked for inside a write");
  const auto task = std::make_shared<Task>(body);
  {
    std::unique_lock lock(mutex_);
    if (!busy_ && waiting_.empty()) {
      settle({task}, lock);
      return std::move(task->failure);
    }
    waiting_.push_back(task);  // whoever is busy calls the thread afterwards
  }
  task->done.get_future().wait();
  return std::move(task->failure);
}

void Writer::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !busy_ && (stopping_ || !waiting_.empty()); });
    if (waiting_.empty()) return;
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kLargestGroup));
    const Group group(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
    settle(group, lock);
    for (const auto& task : group) task->done.set_value();
    lock.lock();
  }
}

/// Commits and publishes; the lock is held on entry, and not on return. The connection is free
/// again before the notices go out, since whoever hears them writes next.
void Writer::settle(const Group& group, std::unique_lock<std::mutex>& lock) {
  busy_ = true;
  lock.unlock();
  writing_ = std::this_thread::get_id();
  if (!commit_together(group)) {
    for (const auto& task : group) commit_alone(*task);
  }
  connection_->trim();
  writing_ = std::thread::id();
  lock.lock();
  busy_ = false;
  const bool more = !waiting_.empty() || stopping_;
  lock.unlock();
  if (more) changed_.notify_one();
  std::vector<Notice> notices;
  for (const auto& task : group) {
    if (!task->failure) notices.insert(notices.end(), task->notices.begin(), task->notices.end());
  }
  if (!notices.empty()) publish_(notices);
}

/// False when the transaction was rolled back and the writes must be done one by one.
bool Writer::commit_together(const Group& group) {
  const Result<bool> committed = guarded([&]() -> Result<bool> {
    Transaction transaction(*connection_, kBeginImmediate);
    for (const auto& task : group) {
      const int before = connection_->database().getTotalChanges();
      Write write{*connection_, task->notices};
      task->failure = task->body(write);
      if (!task->failure) continue;
      const bool untouched =
          connection_->in_transaction() && connection_->database().getTotalChanges() == before;
      if (!untouched && group.size() > 1) return false;
      if (!untouched) return true;  // the only one: its failure stands, and nothing is kept
    }
    transaction.commit();
    return true;
  });
  if (!committed.ok()) {
    for (const auto& task : group) task->failure = committed.error();
    return true;
  }
  return *committed;
}

void Writer::commit_alone(Task& task) {
  task.notices.clear();
  task.failure.reset();
  const Result<void> committed = guarded([&]() -> Result<void> {
    Transaction transaction(*connection_, kBeginImmediate);
    Write write{*connection_, task.notices};
    task.failure = task.body(write);
    if (!task.failure) transaction.commit();
    return ok();
  });
  if (!committed.ok()) task.failure = committed.error();
}

}  // namespace windlass::sqlite
