#include "channel.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace windlass::runner {
namespace {

constexpr std::size_t kMostOfMessage = 60'000;
constexpr std::size_t kMostOfFrame = 64 * 1024 * 1024;
constexpr std::size_t kReceiveSize = 65'536;
constexpr std::size_t kMostDescriptors = 16;

/// A byte of JSON text, in which control characters are escaped, takes at most two once quoted
/// again.
constexpr std::size_t kSlice = 29'000;

/// More would be memory held for frames that never end.
constexpr std::size_t kMostFramesInParts = 64;

/// One thread receives at a time, and control sockets have one thread: so one buffer is enough, and
/// it is memory that no child has to fill with zeros first.
std::array<char, kReceiveSize> buffer;

bool is_within_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

void take_descriptors(msghdr& header, Descriptors& into) {
  for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
    if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t index = 0; index < count; ++index) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(item) + index * sizeof number, sizeof number);
      into.add(number);
    }
  }
}

Received why_nothing_came() {
  switch (errno) {
    case EAGAIN:
    case EINTR:
      return Received::kNothing;
    case ECONNRESET:
      return Received::kEnd;
    default:
      return Received::kLost;
  }
}

void set_bad(Channel::Message& message, std::string problem) {
  message.what = Received::kBad;
  message.problem = std::move(problem);
  message.descriptors.close();
}

void parse_into(Channel::Message& message, std::string_view text) {
  try {
    message.frame = Json::parse(text);
  } catch (const windlass::jobs::JsonError& error) {
    return set_bad(message, std::string("the message is not JSON: ") + error.what());
  }
  const Json* const type = message.frame.find("type");
  if (type == nullptr || !type->is_string()) {
    return set_bad(message, "the message is not an object with a member `type`");
  }
  message.what = Received::kFrame;
}

bool get_number(const Json& frame, std::string_view name, std::int64_t& number) {
  const Json* const member = frame.find(name);
  if (member == nullptr || member->kind() != Json::Kind::integer) return false;
  number = member->as_integer();
  return true;
}

}  // namespace

void Channel::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

bool Channel::send(std::string_view frame) {
  return frame.size() <= kMostOfMessage ? send_message(frame) : send_parts(frame);
}

bool Channel::send_message(std::string_view message) const {
  while (::send(descriptor_, message.data(), message.size(), MSG_NOSIGNAL) < 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

bool Channel::send_parts(std::string_view frame) {
  if (frame.size() > kMostOfFrame) {
    errno = EMSGSIZE;
    return false;
  }
  std::vector<std::string_view> slices;
  while (!frame.empty()) {
    std::size_t size = std::min(kSlice, frame.size());
    while (size < frame.size() && is_within_character(frame[size])) --size;
    slices.push_back(frame.substr(0, size));
    frame.remove_prefix(size);
  }
  // Forked processes share the socket, so the number carries the process that made it.
  const std::uint64_t number =
      static_cast<std::uint64_t>(::getpid()) << 24 | (frames_in_parts_.fetch_add(1) & 0xFFFFFF);
  std::string part;
  for (std::size_t index = 0; index < slices.size(); ++index) {
    part = R"({"type":"part","frame":)" + std::to_string(number) +
           ",\"count\":" + std::to_string(slices.size()) + ",\"index\":" + std::to_string(index) +
           ",\"data\":";
    windlass::jobs::detail::append_quoted(part, slices[index]);
    part += '}';
    if (!send_message(part)) return false;
  }
  return true;
}

Channel::Message Channel::receive(int flags) {
  Message message;
  iovec data{buffer.data(), buffer.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> control;
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(descriptor_, &header, flags | MSG_CMSG_CLOEXEC);
  if (size < 0) {
    message.what = why_nothing_came();
    return message;
  }
  take_descriptors(header, message.descriptors);
  if (size == 0) {
    message.what = Received::kEnd;
  } else if ((header.msg_flags & MSG_TRUNC) != 0) {
    set_bad(message, "the message is longer than " + std::to_string(kMostOfMessage) + " bytes");
  } else {
    parse_into(message, {buffer.data(), static_cast<std::size_t>(size)});
    if (message.what == Received::kFrame && text_of(message.frame, "type") == "part") {
      assemble(message);
    }
  }
  return message;
}

void Channel::assemble(Message& message) {
  std::int64_t number = 0;
  std::int64_t index = 0;
  std::int64_t count = 0;
  const Json* const data = message.frame.find("data");
  if (data == nullptr || !data->is_string() || !get_number(message.frame, "frame", number) ||
      !get_number(message.frame, "index", index) || !get_number(message.frame, "count", count)) {
    return set_bad(message, "a part must have the numbers frame, index, count and the text data");
  }
  if (index < 0 || index >= count) {
    return set_bad(message,
                   "part " + std::to_string(index) + " of " + std::to_string(count) + " cannot be");
  }
  if (parts_.find(number) == parts_.end() && parts_.size() >= kMostFramesInParts) parts_.clear();
  Parts& parts = parts_[number];
  if (index != parts.next || parts.text.size() + data->as_string().size() > kMostOfFrame) {
    const bool is_too_long = index == parts.next;
    const std::string due = std::to_string(parts.next);
    parts_.erase(number);
    return set_bad(message, is_too_long ? "the frame is longer than 64 MiB"
                                        : "part " + std::to_string(index) + " of frame " +
                                              std::to_string(number) + " came when part " + due +
                                              " was due");
  }
  parts.text += data->as_string();
  if (++parts.next < count) {
    message.what = Received::kPart;
    message.frame = Json();
    return;
  }
  const std::string whole = std::move(parts.text);
  parts_.erase(number);
  parse_into(message, whole);
}

std::string text_of(const Json& frame, std::string_view name) {
  const Json* const member = frame.find(name);
  return member != nullptr && member->is_string() ? member->as_string() : std::string();
}

}  // namespace windlass::runner
