/// Progress of a loop.
#pragma once

#include <chrono>
#include <cstddef>
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
  Tracked(Job& job, Range&& range, Text message)
      : job_(job), range_(std::forward<Range>(range)), message_(message.string()) {}

  class Iterator {
   public:
    using Inner = decltype(std::declval<Range&>().begin());
    Iterator(Tracked* tracked, Inner inner) : tracked_(tracked), inner_(inner) {}
    decltype(auto) operator*() { return *inner_; }
    Iterator& operator++() {
      ++inner_;
      tracked_->count();
      return *this;
    }
    bool operator!=(const Iterator& other) const { return inner_ != other.inner_; }

   private:
    Tracked* tracked_;
    Inner inner_;
  };

  Iterator begin() {
    show();
    return Iterator(this, range_.begin());
  }
  Iterator end() { return Iterator(this, range_.end()); }

 private:
  using Clock = std::chrono::steady_clock;
  void count() {
    ++done_;
    if (done_ == range_.size() || Clock::now() - shown_ >= std::chrono::milliseconds(100)) show();
  }
  void show() {
    job_.progress(static_cast<double>(done_), static_cast<double>(range_.size()), message_);
    shown_ = Clock::now();
  }

  Job& job_;
  Range range_;
  std::string message_;
  std::size_t done_ = 0;
  Clock::time_point shown_ = {};
};

/// Goes through a container with a size() and shows progress. Throws what Job::progress throws.
///
/// >>> for (const Device& device : track(*this, devices, "Backing up")) back_up(device);
template <class Range>
Tracked<Range> track(Job& job, Range&& range, Text message = "") {
  return Tracked<Range>(job, std::forward<Range>(range), message);
}

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
