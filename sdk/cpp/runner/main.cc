// The native runner: `windlass-native-runner`, started by Windlass with its control socket as
// descriptor 3. spec/runner-protocol.md says how the two speak.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>

#include "exits.h"
#include "process.h"
#include "signals.h"
#include "streams.h"
#include "zygote.h"

namespace {

constexpr int kControl = 3;

bool is_socket(int descriptor) {
  int kind = 0;
  socklen_t size = sizeof kind;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) == 0 && kind == SOCK_SEQPACKET;
}

}  // namespace

int main() {
  using namespace windlass::runner;
  if (!is_socket(kControl)) {
    std::fputs(
        "windlass-native-runner is started by Windlass, which speaks to it on descriptor 3. To run "
        "C++ jobs, put them into the jobs folder and start `windlass`.\n",
        stderr);
    return kBadConfiguration;
  }
  die_with_spawner();
  adopt_orphans();
  ::setsid();  // fails where the host has seen to that
  close_all_above(kControl);
  ::fcntl(kControl, F_SETFD, FD_CLOEXEC);
  prepare_streams();
  guard_signals();
  serve_base(kControl);
}
