#include "cancel.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace windlass::runner {
namespace {

std::atomic<bool> flag{false};
std::atomic<int> event{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

}  // namespace

void on_cancel_signal(int) {
  const int before = errno;
  flag.store(true, std::memory_order_relaxed);
  set_cancel_event();
  errno = before;
}

void set_cancel_event() {
  const int descriptor = event.load(std::memory_order_relaxed);
  if (descriptor < 0) return;
  const std::uint64_t one = 1;
  // Fails only when the count is full, and then it is readable all the same.
  if (::write(descriptor, &one, sizeof one) < 0) return;
}

bool take_cancel_signal_flag() {
  return flag.load(std::memory_order_relaxed) && flag.exchange(false, std::memory_order_relaxed);
}

bool has_cancel_signal_flag() {
  return flag.load(std::memory_order_relaxed);
}

void raise_cancel_signal_flag() {
  flag.store(true, std::memory_order_relaxed);
}

int cancel_event() {
  int descriptor = event.load(std::memory_order_acquire);
  if (descriptor >= 0) return descriptor;
  const int made = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (made < 0) return -1;
  if (!event.compare_exchange_strong(descriptor, made)) {
    ::close(made);
    return descriptor;
  }
  return made;
}

void clear_cancel_event() {
  std::uint64_t count = 0;
  if (const int descriptor = event.load(); descriptor >= 0) {
    // Nothing to read is as good as read.
    if (::read(descriptor, &count, sizeof count) < 0) return;
  }
}

}  // namespace windlass::runner
