#pragma once

/// Frames on a SOCK_SEQPACKET socket, as spec/runner-protocol.md describes them.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <windlass/jobs/json.hpp>

#include "descriptors.h"

namespace windlass::runner {

using windlass::jobs::Json;

/// What came of a call of receive().
enum class Received {
  kFrame,
  kPart,     ///< a part that does not complete its frame
  kBad,      ///< a message that is no frame
  kNothing,  ///< none is there, with MSG_DONTWAIT; a signal came, without it
  kEnd,      ///< the other side closed the socket
  kLost,     ///< the descriptor is no such socket any more
};

/// One socket that carries frames. Owns the descriptor. send() may be called by several threads,
/// and by processes forked from the owner; receive() by one thread at a time.
class Channel {
 public:
  explicit Channel(int descriptor) : descriptor_(descriptor) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() { close(); }

  int descriptor() const { return descriptor_; }
  void close();

  /// Sends a frame, JSON text already made, in parts where one message does not hold it. Blocks
  /// while the socket is full. False when it cannot be sent (errno says why).
  bool send(std::string_view frame);

  struct Message {
    Received what = Received::kNothing;
    Json frame;           ///< of kFrame: an object with a text `type`
    std::string problem;  ///< of kBad: one sentence
    Descriptors descriptors;
  };

  /// The next message. `flags` as of recv(2).
  Message receive(int flags = 0);

 private:
  struct Parts {
    std::int64_t next = 0;
    std::string text;
  };

  bool send_message(std::string_view message) const;
  bool send_parts(std::string_view frame);
  void assemble(Message& message);

  int descriptor_;
  std::atomic<std::uint32_t> frames_in_parts_{0};
  std::unordered_map<std::int64_t, Parts> parts_;
};

/// The text member of that name; "" where there is none.
std::string text_of(const Json& frame, std::string_view name);

}  // namespace windlass::runner
