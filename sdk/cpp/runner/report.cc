#include "report.h"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace windlass::runner {
namespace {

constexpr std::size_t kMostOfMessage = 59'000;
constexpr std::size_t kMostOfText = 2'000;
constexpr std::size_t kMostOfTraceback = 40'000;

std::atomic<int> socket_of_run{-1};
pid_t owner = 0;

char message[kMostOfMessage];
std::size_t length = 0;

void add(char one) {
  if (length < sizeof message) message[length++] = one;
}

void add(std::string_view text) {
  for (const char one : text) add(one);
}

/// How many bytes the UTF-8 character at `text` takes, 0 where there is none.
std::size_t character_at(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned lead = byte(0);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xC2 ? 0
                           : lead < 0xE0 ? 2
                           : lead < 0xF0 ? 3
                           : lead < 0xF5 ? 4
                                         : 0;
  if (size == 0 || size > text.size()) return 0;
  for (std::size_t index = 1; index < size; ++index) {
    if ((byte(index) & 0xC0) != 0x80) return 0;
  }
  if (size < 3) return size;
  const unsigned second = byte(1);
  const bool is_fine = !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second >= 0xA0) &&
                       !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second >= 0x90);
  return is_fine ? size : 0;
}

void add_quoted(std::string_view text, std::size_t most) {
  constexpr char kDigits[] = "0123456789abcdef";
  const std::size_t end = length + most;
  add('"');
  while (!text.empty() && length < end) {
    const std::size_t size = character_at(text);
    const auto one = static_cast<unsigned char>(text[0]);
    if (size == 0) {
      add("\xEF\xBF\xBD");  // U+FFFD
    } else if (one == '"' || one == '\\') {
      add('\\');
      add(text[0]);
    } else if (one == '\n') {
      add("\\n");
    } else if (one < 0x20) {
      add("\\u00");
      add(kDigits[one >> 4]);
      add(kDigits[one & 0xF]);
    } else {
      add(text.substr(0, size));
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  add('"');
}

}  // namespace

void begin_last_words(int socket) {
  owner = ::getpid();
  socket_of_run.store(socket);
}

void end_last_words() {
  socket_of_run.store(-1);
}

bool may_have_last_words() {
  return socket_of_run.load() >= 0 && ::getpid() == owner;
}

void send_last_words(const LastWords& words) {
  if (::getpid() != owner) return;
  const int socket = socket_of_run.exchange(-1);
  if (socket < 0) return;
  length = 0;
  add(R"({"type":"result","status":"FAILURE","result":{"exc_type":)");
  add_quoted(words.exc_type, kMostOfText);
  add(R"(,"exc_message":)");
  add_quoted(words.exc_message, kMostOfText);
  add(R"(,"exc_module":)");
  add_quoted(words.exc_module, kMostOfText);
  add(R"(},"traceback":)");
  add_quoted(words.traceback, kMostOfTraceback);
  add(R"(,"reason":)");
  add_quoted(words.reason, kMostOfText);
  add(R"(,"reusable":false})");
  while (::send(socket, message, length, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

}  // namespace windlass::runner
