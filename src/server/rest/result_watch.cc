#include "server/rest/result_watch.h"

namespace windlass::rest {

ResultWatch::Watch::Watch(ResultWatch& owner, std::int64_t number, Callback callback)
    : owner_(owner), number_(number), callback_(std::move(callback)) {
  const std::lock_guard lock(owner_.mutex_);
  place_ = owner_.watches_.insert(owner_.watches_.end(), this);
}

ResultWatch::Watch::~Watch() {
  const std::lock_guard lock(owner_.mutex_);
  owner_.watches_.erase(place_);
}

ResultWatch::ResultWatch(Notifier& notifier, Micros poll) {
  subscription_ = notifier.subscribe([this](const Notice& notice) {
    if (notice.kind == Notice::Kind::kResult) tell(notice.number);
  });
  ticker_ = std::thread([this, poll] { tick(poll); });
}

ResultWatch::~ResultWatch() {
  subscription_.reset();
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stopping_.notify_all();
  ticker_.join();
}

std::unique_ptr<ResultWatch::Watch> ResultWatch::watch(std::int64_t number, Callback callback) {
  return std::make_unique<Watch>(*this, number, std::move(callback));
}

std::unique_ptr<ResultWatch::Watch> ResultWatch::watch_all(Callback callback) {
  return std::make_unique<Watch>(*this, kAll, std::move(callback));
}

void ResultWatch::tell(std::int64_t number) {
  const std::lock_guard lock(mutex_);
  for (const Watch* watch : watches_) {
    if (number == kTick || watch->number_ == kAll || watch->number_ == number) {
      watch->callback_(number);
    }
  }
}

void ResultWatch::tick(Micros poll) {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, poll, [this] { return stopped_; })) {
    lock.unlock();
    tell(kTick);
    lock.lock();
  }
}

}  // namespace windlass::rest
