#pragma once

/// The run socket of a child, as the library sees it.

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../src/seam.hpp"
#include "channel.h"

namespace windlass::runner {

/// What the host asks a child for next.
struct Request {
  Json frame;              ///< `run` or `choices`
  std::vector<int> files;  ///< descriptors of the input files; the receiver closes them
};

/// Reads the run socket when somebody needs what is there: the main thread between runs, a thread
/// that waits for an answer, or whoever asks for the stop reason after the signal. Only the process
/// that made this reads; processes that job code forks share the socket to send.
class Wire final : public windlass::jobs::internal::Host {
 public:
  explicit Wire(Channel& channel);

  /// Waits for the next request; ends the process when the host has closed the socket.
  Request next();

  /// Before and after a run. A cancel that comes outside of one is for a run that has ended.
  void begin_run();
  void end_run();

  void send(std::string_view frame_json) override;
  Json wait_for(std::string_view type1, std::string_view type2, std::string_view id_member,
                std::int64_t id) override;
  std::string_view stop_reason() override;
  int stop_descriptor() override;

 private:
  /// Takes what a message of a run says.
  void take(Channel::Message& message);
  /// Takes what the signal told of, unless another thread reads.
  void read_what_waits();
  void take_what_waits();

  Channel& channel_;
  const pid_t owner_;
  std::mutex reading_;
  std::atomic<const char*> reason_{nullptr};
  std::unordered_map<std::string, Json> answers_;  ///< by id_member and number
};

}  // namespace windlass::runner
