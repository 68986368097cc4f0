#include "cancel.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace windlass::runner {
namespace {

/// More than any `cancel` frame takes.
constexpr std::size_t kLooked = 256;

std::atomic<bool> flag{false};
std::atomic<int> event{-1};
std::atomic<int> socket_of_run{-1};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

/// Whether the next message is a `cancel` frame, which stays where it is.
bool cancel_waits() {
  constexpr char kWord[] = "\"cancel\"";
  constexpr std::size_t kLength = sizeof kWord - 1;
  char text[kLooked];
  const ssize_t size =
      ::recv(socket_of_run.load(), text, sizeof text, MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC);
  if (size < 0 || static_cast<std::size_t>(size) > sizeof text) return false;
  for (std::size_t at = 0; at + kLength <= static_cast<std::size_t>(size); ++at) {
    if (std::memcmp(text + at, kWord, kLength) == 0) return true;
  }
  return false;
}

}  // namespace

void on_cancel_signal(int) {
  const int before = errno;
  flag.store(true);
  if (event.load() >= 0 && cancel_waits()) set_cancel_event();
  errno = before;
}

void look_for_cancel_on(int run_socket) {
  socket_of_run.store(run_socket);
}

bool has_cancel_signal_flag() {
  return flag.load(std::memory_order_relaxed);
}

void take_cancel_signal_flag() {
  flag.store(false);
}

void raise_cancel_signal_flag() {
  flag.store(true);
}

void set_cancel_event() {
  const int descriptor = event.load();
  if (descriptor < 0) return;
  const std::uint64_t one = 1;
  // Fails only when the count is full, and then it is readable all the same.
  if (::write(descriptor, &one, sizeof one) < 0) return;
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
