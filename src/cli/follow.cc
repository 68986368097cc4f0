#include "cli/follow.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>

namespace windlass::cli {

namespace {

/// Waits for a notice about one result.
class ResultSignal {
 public:
  ResultSignal(Notifier& notifier, std::int64_t number)
      : subscription_(notifier.subscribe([this, number](const Notice& notice) {
          if (notice.kind != Notice::Kind::kResult || notice.number != number) return;
          const std::lock_guard lock(mutex_);
          raised_ = true;
          changed_.notify_one();
        })) {}

  void wait(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return raised_; });
    raised_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;
  std::unique_ptr<Notifier::Subscription> subscription_;  // last: its callback uses the rest
};

constexpr std::int64_t kBatch = 1000;

}  // namespace

Result<JobResult> follow(Storage& storage, const JobResult& result, bool live,
                         const std::function<void(const Event&)>& print) {
  ResultSignal signal(storage.notifier(), result.number);
  EventQuery query;
  query.number = result.number;
  query.limit = kBatch;
  while (true) {
    // The status is read before the events: what was final then has all its events stored.
    WL_TRY(const JobResult now, storage.results().get(result.id));
    while (true) {
      WL_TRY(const std::vector<Event> events, storage.events().list(query));
      for (const Event& event : events) print(event);
      if (!events.empty()) query.after = events.back().sequence;
      if (static_cast<std::int64_t>(events.size()) < kBatch) break;
    }
    if (!live || is_final(now.status)) return now;
    signal.wait(std::chrono::milliseconds(500));
  }
}

EventPrinter::EventPrinter() : terminal_(::isatty(STDERR_FILENO) != 0) {}

void EventPrinter::print(const Event& event) {
  if (event.kind == EventKind::kProgress) {
    const double done = get_double(event.data, "done");
    const double total = get_double(event.data, "total");
    const double part = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0.0;
    constexpr int kWidth = 30;
    const int filled = static_cast<int>(part * kWidth);
    bar_ = fmt::format("[{}{}] {:3.0f} %  {:g} of {:g}  {}", std::string(filled, '#'),
                       std::string(kWidth - filled, '.'), part * 100, done, total, event.message);
    draw_bar();
    return;
  }
  if (event.kind == EventKind::kStatus) return;
  clear_bar();
  const std::string time = to_rfc3339(event.created).substr(11, 12);
  const std::string grouping = event.kind == EventKind::kConsole ? "" : event.grouping + ": ";
  const std::string line =
      fmt::format("{} {:<8} {}{}\n", time, event.level, grouping, event.message);
  // No reason to end the run: what could not be written is told at the end.
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
  draw_bar();
}

void EventPrinter::finish() {
  clear_bar();
  bar_.clear();
}

void EventPrinter::clear_bar() {
  if (terminal_ && !bar_.empty()) fmt::print(stderr, "\r\033[K");
}

void EventPrinter::draw_bar() {
  if (terminal_ && !bar_.empty()) fmt::print(stderr, "\r{}\033[K", bar_);
}

}  // namespace windlass::cli
