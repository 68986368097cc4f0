#include "cli/output.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "cli/commands.h"

namespace windlass::cli {

namespace {

bool reader_is_gone() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

}  // namespace

bool output_failed() {
  return std::ferror(stdout) != 0 || !std::cout;
}

int finish_output(int status) {
  errno = 0;  // std::cout has no buffer of its own
  const bool flushed = std::fflush(stdout) == 0;
  const int reason = flushed ? 0 : errno;  // what failed earlier has left no reason
  if ((flushed && !output_failed()) || reader_is_gone()) return status;
  fmt::print(stderr, "windlass: The output could not be written in full{}{}.\n",
             reason != 0 ? ": " : "", reason != 0 ? std::strerror(reason) : "");
  return status == kOk ? kFailed : status;
}

}  // namespace windlass::cli
