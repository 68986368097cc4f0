#include "server/http/event_source.h"

#include <algorithm>

#include "server/http/stream_signal.h"

namespace windlass::http {

void Waker::wake() const {
  if (!signal_ || signal_->pending.exchange(true)) return;
  const std::lock_guard lock(signal_->mutex);
  if (signal_->tell) signal_->tell();
}

void append_event(std::string* out, std::string_view id, std::string_view event,
                  std::string_view data) {
  if (!id.empty()) out->append("id: ").append(id).push_back('\n');
  if (!event.empty()) out->append("event: ").append(event).push_back('\n');
  while (true) {
    // CR, LF and CRLF all end a line of an event stream.
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    out->append("data: ").append(data.substr(0, end)).push_back('\n');
    if (end == data.size()) break;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  out->push_back('\n');
}

}  // namespace windlass::http
