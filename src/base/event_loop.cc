#include "base/event_loop.h"

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/result.h"

namespace windlass {

namespace asio = boost::asio;

struct EventLoop::Impl {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread;
  std::mutex mutex;
  std::condition_variable changed;
  bool ended = false;  ///< the thread calls nothing any more
  std::recursive_mutex late_calls;
};

namespace {

/// Watches one descriptor. The state is shared with the pending wait, which outlives the Watch by
/// one turn of the loop.
class DescriptorWatch final : public EventLoop::Watch {
 public:
  using WaitType = asio::posix::stream_descriptor::wait_type;
  DescriptorWatch(asio::io_context& context, int fd, WaitType type, EventLoop::Callback callback)
      : state_(std::make_shared<State>(context, fd, type, std::move(callback))) {
    state_->arm();
  }
  ~DescriptorWatch() override {
    state_->active = false;
    state_->descriptor.release();  // cancels the wait, leaves the descriptor to its owner
  }

 private:
  struct State : std::enable_shared_from_this<State> {
    State(asio::io_context& context, int fd, WaitType wait, EventLoop::Callback call)
        : descriptor(context, fd), type(wait), callback(std::move(call)) {}
    void arm() {
      descriptor.async_wait(type, [self = shared_from_this()](boost::system::error_code error) {
        if (error || !self->active) return;
        self->callback();
        if (self->active) self->arm();
      });
    }
    asio::posix::stream_descriptor descriptor;
    WaitType type;
    EventLoop::Callback callback;
    bool active = true;
  };
  std::shared_ptr<State> state_;
};

class LoopTimer final : public EventLoop::Timer {
 public:
  LoopTimer(asio::io_context& context, std::chrono::microseconds delay,
            EventLoop::Callback callback)
      : active_(std::make_shared<bool>(true)), timer_(context, delay) {
    timer_.async_wait(
        [active = active_, callback = std::move(callback)](boost::system::error_code error) {
          if (!error && *active) callback();
        });
  }
  ~LoopTimer() override { *active_ = false; }

 private:
  std::shared_ptr<bool> active_;
  asio::steady_timer timer_;
};

}  // namespace

EventLoop::EventLoop(const std::string& thread_name) : impl_(std::make_shared<Impl>()) {
  impl_->thread = std::thread([impl = impl_.get(), name = thread_name.substr(0, 15)] {
    pthread_setname_np(pthread_self(), name.c_str());
    impl->context.run();
    const std::lock_guard lock(impl->mutex);
    impl->ended = true;
    impl->changed.notify_all();
  });
}

EventLoop::~EventLoop() {
  stop();
}

void EventLoop::stop() {
  WL_CHECK(!in_loop_thread(), "an EventLoop cannot stop itself");
  impl_->context.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

void EventLoop::post(Callback callback) {
  asio::post(impl_->context, std::move(callback));
}

void EventLoop::call(const Callback& callback) {
  if (in_loop_thread()) {
    callback();
    return;
  }
  bool done = false;
  post([&] {
    callback();
    const std::lock_guard lock(impl_->mutex);
    done = true;
    impl_->changed.notify_all();
  });
  std::unique_lock lock(impl_->mutex);
  impl_->changed.wait(lock, [&] { return done || impl_->ended; });
  if (done) return;
  lock.unlock();
  const std::lock_guard alone(impl_->late_calls);
  callback();
}

bool EventLoop::in_loop_thread() const {
  return std::this_thread::get_id() == impl_->thread.get_id();
}

std::unique_ptr<EventLoop::Watch> EventLoop::watch_readable(int fd, Callback callback) {
  return std::make_unique<DescriptorWatch>(
      impl_->context, fd, asio::posix::stream_descriptor::wait_read, std::move(callback));
}

std::unique_ptr<EventLoop::Watch> EventLoop::watch_writable(int fd, Callback callback) {
  return std::make_unique<DescriptorWatch>(
      impl_->context, fd, asio::posix::stream_descriptor::wait_write, std::move(callback));
}

std::unique_ptr<EventLoop::Timer> EventLoop::after(std::chrono::microseconds delay,
                                                   Callback callback) {
  return std::make_unique<LoopTimer>(impl_->context, delay, std::move(callback));
}

}  // namespace windlass
