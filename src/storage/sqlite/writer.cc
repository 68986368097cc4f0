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
  explicit Task(Body with) : body(std::move(with)) {}
  Body body;
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

std::optional<Error> Writer::submit(Body body) {
  WL_CHECK(std::this_thread::get_id() != thread_.get_id(), "a write was asked for inside a write");
  const auto task = std::make_shared<Task>(std::move(body));
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(task);
  }
  changed_.notify_one();
  task->done.get_future().wait();
  return std::move(task->failure);
}

void Writer::loop() {
  std::vector<std::shared_ptr<Task>> group;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kLargestGroup));
    group.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    lock.unlock();
    settle(group);
    group.clear();
    connection_->trim();
    lock.lock();
  }
}

void Writer::settle(const std::vector<std::shared_ptr<Task>>& group) {
  if (!commit_together(group)) {
    for (const auto& task : group) commit_alone(*task);
  }
  std::vector<Notice> notices;
  for (const auto& task : group) {
    if (!task->failure) notices.insert(notices.end(), task->notices.begin(), task->notices.end());
  }
  if (!notices.empty()) publish_(notices);
  for (const auto& task : group) task->done.set_value();
}

/// False when the transaction was rolled back and the writes must be done one by one.
bool Writer::commit_together(const std::vector<std::shared_ptr<Task>>& group) {
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
