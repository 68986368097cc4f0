#include "worker/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "model/bounds.h"

namespace windlass::worker {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestGrouping = 255;
constexpr std::size_t kLongestObject = 1000;
constexpr std::size_t kLongestUrl = 2000;
/// A line without an end is shown when it is this old: prompts and dots are live, lines are not
/// torn.
constexpr Micros kPartialAge = 200ms;
/// The clock of an entry may differ from ours by this much, e.g. when it waited in a full socket.
constexpr Micros kClockSlack = 1h;

/// Reads a text; absent and null are fine and empty. False when it is of another type.
bool read_text(const json::object& frame, std::string_view member, std::string_view& text) {
  const json::value* value = frame.if_contains(to_json_view(member));
  if (!value || value->is_null()) return true;
  if (!value->is_string()) return false;
  text = to_view(value->as_string());
  return true;
}

std::string_view known_level(std::string_view level) {
  for (const std::string_view known :
       {"debug", "info", "success", "warning", "failure", "error", "critical"}) {
    if (level == known) return known;
  }
  return "info";
}

/// Links to elsewhere (javascript:, data:) are no business of a log.
bool is_link(std::string_view url) {
  return (url.starts_with('/') && !url.starts_with("//")) || url.starts_with("http://") ||
         url.starts_with("https://");
}

std::optional<json::value> number_of(const json::object& frame, std::string_view member) {
  const json::value* value = frame.if_contains(to_json_view(member));
  if (!value || !value->is_number()) return std::nullopt;
  if (value->is_double() && !std::isfinite(value->as_double())) return std::nullopt;
  return *value;
}

}  // namespace

Recorder::Recorder(RunKey run, std::int64_t attempt, LogLimits limits, Exchange& exchange,
                   const Clock& clock, const Sanitiser& sanitiser)
    : run_(run),
      attempt_(attempt),
      limits_(limits),
      exchange_(exchange),
      clock_(clock),
      sanitiser_(sanitiser),
      began_(clock.now()),
      progress_at_(clock.steady() - kTick),
      streams_{LineSplitter([this](std::string_view text) { return sanitiser_.begun(text); }),
               LineSplitter([this](std::string_view text) { return sanitiser_.begun(text); })} {}

Event Recorder::make_event(EventKind kind) const {
  Event event;
  event.kind = kind;
  event.attempt = attempt_;
  event.created = clock_.now();
  return event;
}

void Recorder::note(std::string_view level, std::string_view grouping, std::string message,
                    std::string object, std::string url) {
  Event event = make_event(EventKind::kLog);
  event.level = level;
  event.grouping = grouping;
  event.message = std::move(message);
  event.log_object = std::move(object);
  event.absolute_url = std::move(url);
  exchange_.add(run_, std::move(event));
}

/// Counts an entry; true when it is over the limits. Once over them, nothing more comes in, so that
/// the log has no holes.
bool Recorder::full(std::size_t bytes) {
  full_ = full_ || entries_ >= limits_.entries ||
          bytes_ + static_cast<std::int64_t>(bytes) > limits_.bytes;
  if (full_) {
    ++dropped_;
  } else {
    ++entries_;
    bytes_ += static_cast<std::int64_t>(bytes);
  }
  return full_;
}

bool Recorder::log(const json::object& frame) {
  std::string_view level, message, grouping, object, url;
  if (!frame.if_contains("message") || !read_text(frame, "message", message) ||
      !read_text(frame, "level", level) || !read_text(frame, "grouping", grouping) ||
      !read_text(frame, "object", object) || !read_text(frame, "url", url)) {
    unreadable();
    return false;
  }
  if (full(std::min(message.size(), kLongestMessage))) return false;
  Event event = make_event(EventKind::kLog);
  event.level = known_level(level);
  event.grouping = cleaned(sanitiser_, grouping, kLongestGrouping);
  event.message = cleaned(sanitiser_, message);
  if (!object.empty()) event.log_object = cleaned(sanitiser_, object, kLongestObject);
  if (is_link(url) && url.size() <= kLongestUrl) event.absolute_url = cleaned(sanitiser_, url);
  if (const json::value* time = frame.if_contains("time"); time && time->is_int64()) {
    const TimePoint told = from_micros(time->as_int64());
    if (told >= began_ - kClockSlack && told <= event.created + kClockSlack) event.created = told;
  }
  return exchange_.add(run_, std::move(event));
}

bool Recorder::progress(const json::object& frame) {
  const auto done = number_of(frame, "done");
  const auto total = number_of(frame, "total");
  std::string_view message;
  if (!done || (!total && frame.if_contains("total") && !frame.at("total").is_null()) ||
      !read_text(frame, "message", message)) {
    unreadable();
    return false;
  }
  waiting_progress_ = json::object{{"done", *done},
                                   {"total", total ? *total : json::value()},
                                   {"message", cleaned(sanitiser_, message, kLongestObject)}};
  return clock_.steady() - progress_at_ >= kTick && store_progress();
}

bool Recorder::store_progress() {
  json::object progress = std::move(*waiting_progress_);
  waiting_progress_.reset();
  progress_at_ = clock_.steady();
  Event event = make_event(EventKind::kProgress);
  event.message = to_view(progress.at("message").as_string());
  event.data = json::object{{"done", progress.at("done")}, {"total", progress.at("total")}};
  return exchange_.add_progress(run_, std::move(event), std::move(progress));
}

bool Recorder::line(bool is_stderr, std::string_view text) {
  if (full(text.size())) return false;
  Event event = make_event(EventKind::kConsole);
  event.level = is_stderr ? "stderr" : "stdout";
  event.message = sanitiser_.clean(to_valid_utf8(text));
  return exchange_.add(run_, std::move(event));
}

bool Recorder::console(bool is_stderr, std::string_view bytes) {
  bool crowded = false;
  LineSplitter& stream = streams_[is_stderr];
  const bool had_partial = stream.partial();
  const bool ended_line = bytes.find('\n') != std::string_view::npos;
  stream.feed(bytes, [&](std::string_view text) { crowded = line(is_stderr, text) || crowded; });
  std::optional<Micros>& since = partial_since_[is_stderr];
  if (!stream.partial()) {
    since.reset();
  } else if (!had_partial || ended_line) {
    since = clock_.steady();
  }
  return crowded;
}

bool Recorder::wants_tick() const {
  return waiting_progress_ || partial_since_[0] || partial_since_[1];
}

void Recorder::tick() {
  const Micros now = clock_.steady();
  if (waiting_progress_ && now - progress_at_ >= kTick) store_progress();
  for (const bool is_stderr : {false, true}) {
    std::optional<Micros>& since = partial_since_[is_stderr];
    if (!since || now - *since < kPartialAge) continue;
    if (sanitiser_.begun(streams_[is_stderr].rest()) > 0) continue;
    streams_[is_stderr].flush([&](std::string_view text) { line(is_stderr, text); });
    since.reset();
    if (streams_[is_stderr].partial()) since = now;
  }
}

void Recorder::finish(int unreadable_frames) {
  for (const bool is_stderr : {false, true}) {
    streams_[is_stderr].finish([&](std::string_view text) { line(is_stderr, text); });
  }
  if (waiting_progress_) store_progress();
  if (dropped_ > 0) {
    note("warning", "post_run",
         fmt::format(
             "{} {} dropped: a run may log {} entries and {} bytes (settings log_entry_limit, "
             "log_byte_limit).",
             dropped_, dropped_ == 1 ? "entry" : "entries", limits_.entries, limits_.bytes));
  }
  if (const int frames = unreadable_ + unreadable_frames; frames > 0) {
    note("warning", "post_run",
         fmt::format("{} of the messages that the job's process sent could not be read.", frames));
  }
}

}  // namespace windlass::worker
