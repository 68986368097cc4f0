#pragma once

/// The `result` of a run whose process is about to end: sent by whoever ends it, in whatever state
/// the process is. Nothing in here allocates or locks.

#include <cstddef>
#include <string_view>

namespace windlass::runner {

/// A run is under way in this process, its run socket is `socket`: last words go there.
void begin_last_words(int socket);

/// No run is under way any more.
void end_last_words();

/// Whether this process has a run under way; false in a process that job code forked.
bool may_have_last_words();

struct LastWords {
  std::string_view exc_type;
  std::string_view exc_message;
  std::string_view exc_module;
  std::string_view traceback;
  std::string_view reason;
};

/// Sends them as the run's result, cut to what one message holds. The first call counts.
void send_last_words(const LastWords& words);

}  // namespace windlass::runner
