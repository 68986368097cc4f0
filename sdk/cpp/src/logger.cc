/// From the author's log call to a frame: formatted into buffers that each thread keeps.
#include <time.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <windlass/jobs/logger.hpp>

#include "run.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

constexpr std::size_t kMaxMessage = 8 * 1024 * 1024;
constexpr std::size_t kKeptCapacity = 64 * 1024;
constexpr std::array<std::string_view, 7> kHeads{R"({"type":"log","level":"debug","message":)",
                                                 R"({"type":"log","level":"info","message":)",
                                                 R"({"type":"log","level":"success","message":)",
                                                 R"({"type":"log","level":"warning","message":)",
                                                 R"({"type":"log","level":"failure","message":)",
                                                 R"({"type":"log","level":"error","message":)",
                                                 R"({"type":"log","level":"critical","message":)"};
constexpr std::array<const char*, 7> kNames{"debug",   "info",  "success", "warning",
                                            "failure", "error", "critical"};

struct Buffers {
  std::string message;
  std::string frame;
};
thread_local Buffers buffers;

void append_time(std::string& out) {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                 static_cast<std::int64_t>(now.tv_sec) * 1'000'000 +
                                     static_cast<std::int64_t>(now.tv_nsec) / 1000)
                       .ptr;
  out.append(digits.data(), end);
}

/// Cuts a message that the host would not keep, between characters.
void shorten(std::string& message) {
  if (message.size() <= kMaxMessage) return;
  std::size_t end = kMaxMessage;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
  const std::size_t left_out = message.size() - end;
  message.resize(end);
  message += "… (" + std::to_string(left_out) + " more bytes left out)";
}

void forget_large(std::string& buffer) {
  if (buffer.capacity() > kKeptCapacity) std::string().swap(buffer);
}

}  // namespace

void Logger::write(Level level, const Format& format,
                   std::span<const detail::Argument> arguments) const noexcept try {
  const auto index = static_cast<std::size_t>(level);
  std::string& message = buffers.message;
  message.clear();
  if (arguments.empty()) {
    message = format.text;
  } else {
    detail::append_formatted(message, format.text, arguments);
  }
  const std::string_view grouping =
      grouping_.empty() ? std::string_view(format.function) : std::string_view(grouping_);
  internal::Run* run = internal::current_run();
  if (run == nullptr || console_only_) {
    std::fprintf(stderr, "%s: %.*s: %s\n", kNames[index], static_cast<int>(grouping.size()),
                 grouping.data(), message.c_str());
    return;
  }
  if (run->quiet) return;
  shorten(message);
  std::string& frame = buffers.frame;
  frame.assign(kHeads[index]);
  detail::append_quoted(frame, message);
  frame += R"(,"grouping":)";
  detail::append_quoted(frame, grouping);
  frame += R"(,"time":)";
  append_time(frame);
  if (has_object_) {
    frame += R"(,"object":)";
    detail::append_quoted(frame, object_);
    frame += R"(,"url":)";
    detail::append_quoted(frame, url_);
  }
  frame += '}';
  run->host.send(frame);
  forget_large(message);
  forget_large(frame);
} catch (...) {
  // Out of memory: a log call never fails a run.
}

Logger Logger::grouping(Text name) const {
  Logger other = *this;
  other.grouping_ = name.string();
  return other;
}

Logger Logger::about(Text object, Text url) const {
  Logger other = *this;
  other.object_ = object.string();
  other.url_ = url.string();
  other.has_object_ = true;
  return other;
}

Logger Logger::console_only() const {
  Logger other = *this;
  other.console_only_ = true;
  return other;
}

}  // namespace v1
}  // namespace windlass::jobs
