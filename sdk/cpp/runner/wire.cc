#include "wire.h"

#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "cancel.h"
#include "exits.h"

namespace windlass::runner {
namespace {

const char* reason_of(const Json& cancel) {
  const std::string reason = text_of(cancel, "reason");
  if (reason == "soft_time_limit") return "soft_time_limit";
  return reason == "drain" ? "drain" : "cancelled";
}

std::string key_of(std::string_view id_member, std::int64_t id) {
  return std::string(id_member) + ':' + std::to_string(id);
}

}  // namespace

Wire::Wire(Channel& channel) : channel_(channel), owner_(::getpid()) {
  look_for_cancel_on(channel.descriptor());
}

Request Wire::next() {
  Request request;
  for (;;) {
    Channel::Message message = channel_.receive();
    if (message.what == Received::kEnd) end_process(0);
    if (message.what == Received::kLost) end_process(kLostSocket);
    if (message.what != Received::kFrame) continue;
    const std::string type = text_of(message.frame, "type");
    if (type == "input_files") {
      for (const int file : message.descriptors.take()) request.files.push_back(file);
    } else if (type == "run" || type == "choices") {
      request.frame = std::move(message.frame);
      return request;
    }
  }
}

void Wire::begin_run() {
  answers_.clear();
  clear_cancel_event();
  reason_.store(nullptr);
  // A signal may have come before the run's frame was read: look when somebody asks.
  raise_cancel_signal_flag();
}

void Wire::end_run() {
  take_cancel_signal_flag();
}

void Wire::send(std::string_view frame_json) {
  // What cannot be sent is lost with the socket, which the end of the run tells.
  (void)channel_.send(frame_json);
}

Json Wire::wait_for(std::string_view type1, std::string_view type2, std::string_view id_member,
                    std::int64_t id) {
  if (::getpid() != owner_) {
    throw std::runtime_error(
        "Only the job's own process can ask Windlass, not one that it has forked.");
  }
  const std::string key = key_of(id_member, id);
  const std::lock_guard lock(reading_);
  for (;;) {
    const auto found = answers_.find(key);
    if (found != answers_.end()) {
      Json answer = std::move(found->second);
      answers_.erase(found);
      const std::string type = text_of(answer, "type");
      if (type != type1 && type != type2) continue;
      // A signal that came meanwhile may be for a frame behind the answer.
      if (has_cancel_signal_flag()) take_what_waits();
      return answer;
    }
    Channel::Message message = channel_.receive();
    take(message);
  }
}

void Wire::take(Channel::Message& message) {
  if (message.what == Received::kEnd) end_process(0);
  if (message.what == Received::kLost) end_process(kLostSocket);
  if (message.what != Received::kFrame) return;
  const std::string type = text_of(message.frame, "type");
  if (type == "cancel") {
    reason_.store(reason_of(message.frame));
    set_cancel_event();
    return;
  }
  const char* const member = type == "answer" ? "ask" : "file";
  const Json* const number = message.frame.find(member);
  if (number == nullptr || number->kind() != Json::Kind::integer) return;
  answers_[key_of(member, number->as_integer())] = std::move(message.frame);
}

std::string_view Wire::stop_reason() {
  if (const char* const reason = reason_.load(std::memory_order_relaxed)) return reason;
  read_what_waits();
  const char* const reason = reason_.load(std::memory_order_relaxed);
  return reason == nullptr ? std::string_view() : reason;
}

void Wire::read_what_waits() {
  if (!has_cancel_signal_flag() || ::getpid() != owner_) return;
  // A thread that reads already will take the frame as well.
  const std::unique_lock lock(reading_, std::try_to_lock);
  if (lock.owns_lock()) take_what_waits();
}

void Wire::take_what_waits() {
  take_cancel_signal_flag();
  for (;;) {
    Channel::Message message = channel_.receive(MSG_DONTWAIT);
    if (message.what == Received::kNothing || message.what == Received::kLost) return;
    take(message);
  }
}

int Wire::stop_descriptor() {
  const int descriptor = cancel_event();
  // The frame may have come before there was an event.
  if (!stop_reason().empty()) set_cancel_event();
  return descriptor;
}

}  // namespace windlass::runner
