#include "engine/sync_turn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

namespace windlass::engine {

namespace {

/// How often a run that waits looks whether it has its turn, or is to end.
constexpr auto kLook = std::chrono::milliseconds(100);
constexpr std::size_t kLongestName = 200;

}  // namespace

SyncTurn::SyncTurn(const std::filesystem::path& folder, Progress& progress, Waits waits) {
  bool is_told = false;
  while (!progress.stopped()) {
    if (const auto made = make_folder(folder); !made.ok()) failure_ = made.error();
    if (!failure_) turn_ = lock(folder / "sync.lock");
    if (turn_ || failure_) break;
    if (!std::exchange(is_told, true)) {
      const bool alone =
          waits == Waits::kAlways || wait_alone(folder / "sync.next", progress.run());
      if (!alone) return;
      progress.log("info", "Waiting for another sync of this repository to end");
    }
    std::this_thread::sleep_for(kLook);
  }
  waiting_.reset();
  if (!turn_ && !failure_)
    failure_ = Error{"git.cancelled", "The sync was cancelled; nothing was changed."};
}

/// None when another has it, or with failure().
UniqueFd SyncTurn::lock(const std::filesystem::path& file) {
  UniqueFd opened(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!opened) {
    failure_ = file_error("Cannot open", file);
  } else if (::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) failure_ = file_error("Cannot lock", file);
    opened.reset();
  }
  return opened;
}

/// False when another waits, or with failure().
bool SyncTurn::wait_alone(const std::filesystem::path& file, const std::string& run) {
  waiting_ = lock(file);
  if (failure_) return false;
  if (!waiting_) {
    other_ = read_file(file, kLongestName).value_or("");
    return false;
  }
  // Only for who reads the log: without a name the other is one that has none.
  if (::ftruncate(waiting_.get(), 0) == 0) [[maybe_unused]]
    const auto put = ::pwrite(waiting_.get(), run.data(), run.size(), 0);
  return true;
}

}  // namespace windlass::engine
