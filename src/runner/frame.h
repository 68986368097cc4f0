#pragma once

#include <sys/socket.h>

#include <array>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/event_loop.h"
#include "base/files.h"
#include "base/json.h"
#include "base/result.h"

namespace windlass::runner {

/// Limits of spec/runner-protocol.md, in bytes.
inline constexpr std::size_t kMaxMessage = 60'000;
inline constexpr std::size_t kMaxFrame = 64 << 20;

/// A connected pair of frame sockets, both close-on-exec; the first, which the host keeps, does not
/// block. Error `runner.io`.
Result<std::pair<UniqueFd, UniqueFd>> make_socket_pair();
/// A pipe, both ends close-on-exec; the first, which the host reads, does not block. Error
/// `runner.io`.
Result<std::pair<UniqueFd, UniqueFd>> make_pipe();

/// The messages that carry a frame: one, or numbered parts when its text is larger than a message
/// may be.
std::vector<std::string> to_messages(const json::object& frame, std::uint64_t number);

/// Makes frames of the messages of one socket. Trusts nobody: what is no frame is dropped and
/// counted, and frames that have not arrived whole hold at most kMaxFrame bytes together.
class FrameReader {
 public:
  /// The frame that `message` is or completes; nullopt when it is part of one, or unreadable.
  std::optional<json::object> take(std::string_view message);
  int unreadable() const { return unreadable_; }
  std::size_t held_bytes() const { return held_bytes_; }
  /// Forgets what has not arrived whole and sets the counter to 0: the next run begins.
  void reset();

 private:
  struct Partial {
    std::int64_t count = 0;
    std::int64_t next = 0;
    bool dropped = false;  ///< counted already; its other parts are ignored
    std::string text;
  };
  std::optional<json::object> parse(std::string_view text);
  std::optional<json::object> take_part(const json::object& part);
  void drop(Partial& partial);

  std::map<std::int64_t, Partial> partial_;
  std::size_t held_bytes_ = 0;
  int unreadable_ = 0;
};

/// Room for messages that one system call receives. Shared by the sockets of an event loop: what is
/// in it must have been dealt with before the next receive().
class MessageBatch {
 public:
  static constexpr int kSize = 32;
  MessageBatch();
  MessageBatch(const MessageBatch&) = delete;
  MessageBatch& operator=(const MessageBatch&) = delete;
  /// One of the messages of the last receive(); empty when it was too large to be one.
  std::string_view operator[](int index) const;

 private:
  friend class FrameSocket;
  static constexpr std::size_t kRoom = 64 << 10;
  std::unique_ptr<char[]> bytes_;
  std::array<mmsghdr, kSize> headers_{};
  std::array<iovec, kSize> places_{};
};

/// The host's end of a frame socket. Event loop only. Never blocks.
class FrameSocket {
 public:
  FrameSocket(EventLoop& loop, UniqueFd socket);

  int descriptor() const { return socket_.get(); }
  /// How many messages came into `batch`; 0 when none waits; -1 when the peer has closed the socket
  /// and all was read. Descriptors that a peer sends are dropped by the kernel.
  int receive(MessageBatch& batch, int most = MessageBatch::kSize);
  /// The frame that a message of this socket is or completes.
  std::optional<json::object> decode(std::string_view message) { return reader_.take(message); }
  FrameReader& reader() { return reader_; }

  /// Sends a frame, with descriptors when it fits one message; what the socket has no room for is
  /// sent when it has. A frame for a peer that is gone is dropped: its end is told otherwise. False
  /// when the frame is too large to go with descriptors, or when more than kMaxFrame bytes wait
  /// already: such a peer does not read.
  bool send(const json::object& frame, std::vector<UniqueFd> descriptors = {});

 private:
  struct Waiting {
    std::string text;
    std::vector<UniqueFd> descriptors;
  };
  bool send_now(const Waiting& message);
  void send_waiting();

  EventLoop& loop_;
  UniqueFd socket_;
  FrameReader reader_;
  std::uint64_t frames_in_parts_ = 0;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  UniqueFd writable_;  ///< a second descriptor of the socket: one can be watched for one thing only
  std::unique_ptr<EventLoop::Watch> watch_;
};

}  // namespace windlass::runner
