#include "child.h"

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

#include "../src/seam.hpp"
#include "channel.h"
#include "exits.h"
#include "process.h"
#include "report.h"
#include "signals.h"
#include "streams.h"
#include "wire.h"

namespace windlass::runner {
namespace {

namespace seam = windlass::jobs::internal;

/// A thread that was joined is counted for a moment more.
constexpr int kLooksForThreads = 200;

std::string home;
int threads_before = 1;

bool has_left_threads() {
  for (int look = 0; look < kLooksForThreads; ++look) {
    if (thread_count() <= threads_before) return false;
    ::sched_yield();
  }
  return true;
}

/// Which file the descriptor stands for; 0 for none.
ino_t identity_of(int descriptor) {
  struct stat file {};
  return ::fstat(descriptor, &file) == 0 ? file.st_ino : 0;
}

/// Ends this process where it is one that job code forked there and that has come back from it: it
/// has no say in the run.
void end_if_copy(pid_t process, const Json& result) {
  if (::getpid() == process) return;
  const bool is_fine = text_of(result, "status") == "SUCCESS";
  std::fputs(text_of(result, "traceback").c_str(), stderr);
  flush_streams();
  end_process(is_fine ? 0 : 1);
}

Json perform(Request& request, Wire& wire) {
  if (text_of(request.frame, "type") == "choices") {
    for (const int file : request.files) ::close(file);
    return seam::compute_choices(request.frame, wire);
  }
  return seam::run_job(request.frame, std::move(request.files), wire);
}

bool is_last(const Json& frame) {
  const Json* const last = frame.find("last");
  return text_of(frame, "type") == "choices" ||
         (last != nullptr && last->kind() == Json::Kind::boolean && last->as_bool());
}

}  // namespace

int enter_child(pid_t parent, const std::vector<int>& descriptors) {
  bind_to_parent(parent);
  ::setsid();
  ::dup2(descriptors[1], STDOUT_FILENO);
  ::dup2(descriptors[2], STDERR_FILENO);
  ::close(descriptors[1]);
  ::close(descriptors[2]);
  release_signals();
  return descriptors[0];
}

void remember_surroundings() {
  char* const folder = ::get_current_dir_name();
  home = folder == nullptr ? "/" : folder;
  std::free(folder);
  threads_before = thread_count();
}

void serve_runs(int run_socket) {
  const pid_t process = ::getpid();
  const ino_t identity = identity_of(run_socket);
  Channel channel(run_socket);
  Wire wire(channel);
  for (;;) {
    Request request = wire.next();
    const bool is_spent = is_last(request.frame);
    wire.begin_run();
    begin_last_words(run_socket);
    Json result = perform(request, wire);
    end_if_copy(process, result);
    flush_streams();
    // What job code keeps of one user's form is no other's, so that the call of a form is the last.
    result["reusable"] = !is_spent && !has_left_threads();
    // A job may have closed the socket, or put something else in its place. An end without a result
    // tells the host so.
    end_last_words();
    if (identity_of(run_socket) != identity || !channel.send(result.dump())) {
      end_process(kLostSocket);
    }
    wire.end_run();
    // Most children do one run only, so what the next one needs is done after the result.
    restore_streams();
    take_cancel_signal();
    if (::chdir(home.c_str()) != 0) end_process(0);  // where the folder is gone, take no next run
  }
}

}  // namespace windlass::runner
