#include "runner/child.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runner/pool_core.h"
#include "runner/pooled_run.h"

namespace windlass::runner {

namespace {

/// A dead child's socket and pipes hold less than this; more comes only from a process that could
/// not be ended.
constexpr int kMaxDrainRounds = 1'000;

}  // namespace

Child::Child(PoolCore& core, Parent& parent, std::shared_ptr<Version> version, std::string name)
    : core_(core), parent_(parent), version_(std::move(version)), name_(std::move(name)) {}

Result<std::vector<UniqueFd>> Child::open() {
  WL_TRY(auto sockets, make_socket_pair());
  WL_TRY(auto out, make_pipe());
  WL_TRY(auto err, make_pipe());
  socket_ = std::make_unique<FrameSocket>(core_.loop(), std::move(sockets.first));
  pipes_[0].end = std::move(out.first);
  pipes_[1].end = std::move(err.first);
  std::vector<UniqueFd> theirs;
  theirs.push_back(std::move(sockets.second));
  theirs.push_back(std::move(out.second));
  theirs.push_back(std::move(err.second));
  return theirs;
}

void Child::forked(pid_t pid) {
  process_ = Process(pid);
  watch();
}

void Child::begin(PooledRun& run, const json::object& frame, std::vector<UniqueFd> files) {
  socket_->reader().reset();
  run_ = &run;
  ++runs_begun_;
  if (!files.empty()) {
    const json::object told{{"type", "input_files"}, {"count", files.size()}};
    socket_->send(told, std::move(files));
  }
  socket_->send(frame);
}

void Child::set_paused(bool paused) {
  if (!paused) {
    watch();
    return;
  }
  socket_watch_.reset();
  for (Pipe& pipe : pipes_) pipe.watch.reset();
}

void Child::watch() {
  if (!socket_closed_ && socket_watch_ == nullptr) {
    socket_watch_ = core_.loop().watch_readable(socket_->descriptor(), [this] { read_frames(); });
  }
  for (int which : {0, 1}) {
    Pipe& pipe = pipes_[which];
    if (!pipe.end || pipe.watch != nullptr) continue;
    pipe.watch = core_.loop().watch_readable(
        pipe.end.get(), [this, which] { read_console(which, core_.console_room().size()); });
  }
}

bool Child::read_frames() {
  MessageBatch& batch = core_.run_batch();
  const int count = socket_closed_ ? -1 : socket_->receive(batch);
  if (count < 0) {
    socket_watch_.reset();
    if (!socket_closed_ && run_ != nullptr) run_->channel_closed();
    socket_closed_ = true;
    return false;
  }
  const int begun = runs_begun_;
  for (int i = 0; i < count; ++i) {
    auto frame = socket_->decode(batch[i]);
    // What follows a result belongs to no run, least of all to one that its end has brought into
    // this child.
    if (run_ == nullptr || runs_begun_ != begun) break;
    if (frame) run_->frame(std::move(*frame));
  }
  return count > 0;
}

std::size_t Child::read_console(int which, std::size_t most) {
  Pipe& pipe = pipes_[which];
  if (!pipe.end) return 0;
  std::vector<char>& room = core_.console_room();
  const ssize_t size = ::read(pipe.end.get(), room.data(), std::min(most, room.size()));
  if (size > 0) {
    if (run_ != nullptr) run_->console(which == 1, {room.data(), static_cast<std::size_t>(size)});
    return static_cast<std::size_t>(size);
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  pipe.watch.reset();
  pipe.end.reset();
  return 0;
}

void Child::read_waiting_console() {
  for (const int which : {0, 1}) {
    int waiting = 0;
    if (!pipes_[which].end || ::ioctl(pipes_[which].end.get(), FIONREAD, &waiting) != 0) continue;
    for (std::size_t left = static_cast<std::size_t>(waiting); left > 0;) {
      const std::size_t size = read_console(which, left);
      if (size == 0) break;
      left -= size;
    }
  }
}

void Child::drain() {
  const int begun = runs_begun_;
  for (int round = 0; round < kMaxDrainRounds && run_ != nullptr && runs_begun_ == begun; ++round) {
    if (!read_frames()) break;
  }
  for (const int which : {0, 1}) {
    for (int round = 0;
         round < kMaxDrainRounds && read_console(which, core_.console_room().size()) > 0;)
      ++round;
  }
}

}  // namespace windlass::runner
