/// Progress of a loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <windlass/jobs/job.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// A range to loop over that shows how far the run has come, ten times a second at most.
template <class Range>
class Tracked {
 public:
  Tracked(Job& job, Range&& range, std::optional<std::size_t> total, Text message)
      : job_(job), range_(std::forward<Range>(range)), total_(total), message_(message.string()) {}

  struct Sentinel {
    decltype(std::declval<Range&>().end()) inner;
  };
  class Iterator {
   public:
    using Inner = decltype(std::declval<Range&>().begin());
    Iterator(Tracked* tracked, Inner inner) : tracked_(tracked), inner_(std::move(inner)) {}
    decltype(auto) operator*() { return *inner_; }
    Iterator& operator++() {
      ++inner_;
      tracked_->count();
      return *this;
    }
    bool operator!=(const Sentinel& end) const {
      if (inner_ != end.inner) return true;
      tracked_->finish();
      return false;
    }

   private:
    Tracked* tracked_;
    Inner inner_;
  };

  Iterator begin() {
    is_shown_ = job_.attempt() != 0;
    show();
    return Iterator(this, range_.begin());
  }
  Sentinel end() { return {range_.end()}; }

 private:
  using Clock = std::chrono::steady_clock;
  void count() {
    ++done_;
    if (is_shown_ && Clock::now() - shown_at_ >= std::chrono::milliseconds(100)) show();
  }
  void finish() {
    if (!total_) total_ = done_;
    show();
  }
  void show() {
    if (!is_shown_) return;
    const auto number = [](std::size_t count) { return static_cast<double>(count); };
    job_.progress(number(done_), total_ ? std::optional(number(*total_)) : std::nullopt, message_);
    shown_at_ = Clock::now();
  }

  Job& job_;
  Range range_;
  std::optional<std::size_t> total_;
  std::string message_;
  bool is_shown_ = false;
  std::size_t done_ = 0;
  Clock::time_point shown_at_ = {};
};

/// Goes through a range and shows progress; the total is its size() where it has one. Outside of a
/// run it only iterates. Throws what Job::progress throws.
///
/// >>> for (const Device& device : track(*this, devices, "Backing up")) back_up(device);
template <class Range>
Tracked<Range> track(Job& job, Range&& range, Text message = "") {
  std::optional<std::size_t> total;
  if constexpr (requires { range.size(); }) total = static_cast<std::size_t>(range.size());
  return Tracked<Range>(job, std::forward<Range>(range), total, message);
}

/// The same for `total` items, whatever the range says.
template <class Range>
Tracked<Range> track(Job& job, Range&& range, std::size_t total, Text message = "") {
  return Tracked<Range>(job, std::forward<Range>(range), total, message);
}

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
