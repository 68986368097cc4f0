#include "runner/frame.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/json_reader.h"
#include "base/text.h"

namespace windlass::runner {

namespace {

/// Slices of this size fit a message even when quoting doubles them.
constexpr std::size_t kSlice = 29'000;
/// Threads of a job that send large frames at the same time.
constexpr std::size_t kMaxPartials = 64;
constexpr std::size_t kMaxDepth = 512;
constexpr std::size_t kMaxDescriptors = 16;

Error io_error(const char* action) {
  return {"runner.io", std::string(action) + " failed: " + std::strerror(errno) +
                           ". The system may be out of descriptors or memory."};
}

bool peer_closed(int socket) {
  pollfd poll_for{socket, POLLIN, 0};
  return ::poll(&poll_for, 1, 0) == 1 && (poll_for.revents & POLLHUP) != 0;
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> make_socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return io_error("socketpair");
  std::pair<UniqueFd, UniqueFd> pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return io_error("fcntl");
  return pair;
}

Result<std::pair<UniqueFd, UniqueFd>> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return io_error("pipe");
  std::pair<UniqueFd, UniqueFd> pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
  if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return io_error("fcntl");
  return pair;
}

std::vector<std::string> to_messages(const json::object& frame, std::uint64_t number) {
  std::string text = json::serialize(frame);
  std::vector<std::string> messages;
  if (text.size() <= kMaxMessage) {
    messages.push_back(std::move(text));
    return messages;
  }
  std::vector<std::string_view> slices;
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(slices.back().size())) {
    slices.push_back(utf8_prefix(rest, kSlice));
  }
  for (std::size_t i = 0; i < slices.size(); ++i) {
    messages.push_back(json::serialize(json::object{{"type", "part"},
                                                    {"frame", number},
                                                    {"index", i},
                                                    {"count", slices.size()},
                                                    {"data", to_json_view(slices[i])}}));
  }
  return messages;
}

std::optional<json::object> FrameReader::take(std::string_view message) {
  auto frame = message.size() <= kMaxMessage ? parse(message) : std::nullopt;
  if (!frame) {
    ++unreadable_;
    return std::nullopt;
  }
  if (to_view(frame->at("type").get_string()) == "part") return take_part(*frame);
  return frame;
}

void FrameReader::reset() {
  partial_.clear();
  held_bytes_ = 0;
  unreadable_ = 0;
}

std::optional<json::object> FrameReader::parse(std::string_view text) {
  static thread_local JsonReader reader(kMaxDepth);
  json::error_code error;
  std::size_t used = 0;
  json::value value = reader.read(text, error, used);
  json::object* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  const json::value* type = object->if_contains("type");
  if (type == nullptr || !type->is_string()) return std::nullopt;
  return std::move(*object);
}

std::optional<json::object> FrameReader::take_part(const json::object& part) {
  const json::value* number = part.if_contains("frame");
  const json::value* index = part.if_contains("index");
  const json::value* count = part.if_contains("count");
  const json::value* data = part.if_contains("data");
  if (number == nullptr || index == nullptr || count == nullptr || data == nullptr ||
      !number->is_int64() || !index->is_int64() || !count->is_int64() || !data->is_string()) {
    ++unreadable_;
    return std::nullopt;
  }
  auto at = partial_.find(number->get_int64());
  if (at == partial_.end()) {
    if (index->get_int64() != 0 || partial_.size() >= kMaxPartials) {
      ++unreadable_;
      return std::nullopt;
    }
    at = partial_.emplace(number->get_int64(), Partial{}).first;
    at->second.count = count->get_int64();
  }
  Partial& partial = at->second;
  const std::string_view slice = to_view(data->get_string());
  if (!partial.dropped &&
      (index->get_int64() != partial.next || count->get_int64() != partial.count ||
       held_bytes_ + slice.size() > kMaxFrame)) {
    drop(partial);
  }
  if (!partial.dropped) {
    partial.text += slice;
    held_bytes_ += slice.size();
  }
  ++partial.next;
  if (index->get_int64() < partial.count - 1) return std::nullopt;
  if (!partial.dropped && partial.next != partial.count) drop(partial);
  const Partial whole = std::move(partial);
  partial_.erase(at);
  if (whole.dropped) return std::nullopt;
  held_bytes_ -= whole.text.size();
  auto frame = parse(whole.text);
  if (!frame || to_view(frame->at("type").get_string()) == "part") {
    ++unreadable_;
    return std::nullopt;
  }
  return frame;
}

void FrameReader::drop(Partial& partial) {
  ++unreadable_;
  partial.dropped = true;
  held_bytes_ -= partial.text.size();
  partial.text = std::string();
}

MessageBatch::MessageBatch() : bytes_(new char[kSize * kRoom]) {
  for (int i = 0; i < kSize; ++i) {
    places_[i] = {bytes_.get() + i * kRoom, kRoom};
    headers_[i].msg_hdr.msg_iov = &places_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

std::string_view MessageBatch::operator[](int index) const {
  const mmsghdr& header = headers_[index];
  if ((header.msg_hdr.msg_flags & MSG_TRUNC) != 0) return {};
  return {bytes_.get() + index * kRoom, header.msg_len};
}

FrameSocket::FrameSocket(EventLoop& loop, UniqueFd socket)
    : loop_(loop), socket_(std::move(socket)) {}

int FrameSocket::receive(MessageBatch& batch, int most) {
  const unsigned room = static_cast<unsigned>(std::min(most, MessageBatch::kSize));
  for (;;) {
    const int count = ::recvmmsg(socket_.get(), batch.headers_.data(), room, MSG_DONTWAIT, nullptr);
    if (count < 0) {
      // ECONNRESET is told once, before what waits, when the peer closed without having read
      // everything.
      if (errno == EINTR || errno == ECONNRESET) continue;
      return errno == EAGAIN ? 0 : -1;
    }
    // At its end a socket gives empty messages without end. A peer may send an empty one, too: no
    // frame, but not the end.
    int real = count;
    while (real > 0 && batch.headers_[real - 1].msg_len == 0) --real;
    if (real > 0) return real;
    if (count == 0 || peer_closed(socket_.get())) return -1;
    return count;
  }
}

bool FrameSocket::send(const json::object& frame, std::vector<UniqueFd> descriptors) {
  if (waiting_bytes_ > kMaxFrame) return false;
  std::vector<std::string> messages = to_messages(frame, ++frames_in_parts_);
  WL_CHECK(descriptors.size() <= kMaxDescriptors, "more descriptors than a frame may carry");
  if (!descriptors.empty() && messages.size() > 1) return false;
  for (std::string& text : messages) {
    Waiting message{std::move(text), std::exchange(descriptors, {})};
    if (waiting_.empty() && send_now(message)) continue;
    waiting_bytes_ += message.text.size();
    waiting_.push_back(std::move(message));
  }
  if (!waiting_.empty() && watch_ == nullptr) {
    if (!writable_) writable_.reset(::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0));
    if (!writable_) return false;
    watch_ = loop_.watch_writable(writable_.get(), [this] { send_waiting(); });
  }
  return true;
}

/// False when the socket has no room now.
bool FrameSocket::send_now(const Waiting& message) {
  iovec place{const_cast<char*>(message.text.data()), message.text.size()};
  msghdr header{};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))] = {};
  if (!message.descriptors.empty()) {
    const std::size_t size = message.descriptors.size() * sizeof(int);
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(size);
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(size);
    for (std::size_t i = 0; i < message.descriptors.size(); ++i) {
      const int descriptor = message.descriptors[i].get();
      std::memcpy(CMSG_DATA(rights) + i * sizeof(int), &descriptor, sizeof(int));
    }
  }
  for (;;) {
    if (::sendmsg(socket_.get(), &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return true;
    if (errno != EINTR) return errno != EAGAIN && errno != ENOBUFS && errno != ENOMEM;
  }
}

void FrameSocket::send_waiting() {
  while (!waiting_.empty() && send_now(waiting_.front())) {
    waiting_bytes_ -= waiting_.front().text.size();
    waiting_.pop_front();
  }
  if (waiting_.empty()) watch_.reset();
}

}  // namespace windlass::runner
