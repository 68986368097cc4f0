#include "worker/outbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace windlass::worker {

namespace {

/// A run is held back above the first, all that write above the second; both go on below half of
/// it.
constexpr std::size_t kRunCrowded = 1 << 20;
constexpr std::size_t kAllCrowded = 8 << 20;
/// Most that one run may bring into one turn, so that a flood of entries does not delay the
/// outcomes of others.
constexpr std::size_t kBytesPerTurn = 512 << 10;
constexpr std::size_t kEventsPerTurn = 4096;

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  if (to.empty()) {
    to = std::move(from);
  } else {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  }
}

}  // namespace

std::size_t weight(const Event& event) {
  constexpr std::size_t kFixed = 200;
  return kFixed + event.message.size() + event.grouping.size() + event.log_object.size() +
         event.absolute_url.size();
}

bool Outbox::Box::has_pending() const {
  return !pending.events.empty() || pending.progress || pending.source_version || pending.outcome;
}

Outbox::Box* Outbox::find(const RunKey& run) {
  const auto found = boxes_.find(run.number);
  if (found == boxes_.end() || found->second.lease_token != run.lease_token) return nullptr;
  return &found->second;
}

void Outbox::open(const RunKey& run) {
  boxes_[run.number].lease_token = run.lease_token;
}

void Outbox::forget(std::int64_t number) {
  const auto found = boxes_.find(number);
  if (found == boxes_.end()) return;
  pending_bytes_ -= found->second.pending_bytes;
  all_bytes_ -= found->second.bytes();
  boxes_.erase(found);
  std::erase_if(files_, [&](const FileToKeep& file) { return file.run.number == number; });
  any_pending_ = std::any_of(boxes_.begin(), boxes_.end(),
                             [](const auto& entry) { return entry.second.has_pending(); });
}

std::vector<std::int64_t> Outbox::numbers() const {
  std::vector<std::int64_t> all;
  for (const auto& [number, box] : boxes_) all.push_back(number);
  return all;
}

void Outbox::count(Box& box, std::size_t bytes, Micros now) {
  box.pending_bytes += bytes;
  pending_bytes_ += bytes;
  all_bytes_ += bytes;
  if (!any_pending_) first_pending_ = now;
  any_pending_ = true;
}

bool Outbox::add_file(FileToKeep file) {
  Box* box = find(file.run);
  if (!box) return false;
  box->file_bytes += file.base64.size();
  all_bytes_ += file.base64.size();
  files_.push_back(std::move(file));
  return true;
}

bool Outbox::crowded(const RunKey& run) {
  Box* box = find(run);
  if (!box) return false;
  if (box->bytes() > kRunCrowded || all_bytes_ > kAllCrowded) box->crowded = true;
  return box->crowded;
}

std::vector<RunWrite> Outbox::take(bool all, Micros now) {
  std::vector<RunWrite> writes;
  any_pending_ = false;
  for (auto& [number, box] : boxes_) {
    if (box.has_pending() || all) writes.push_back(slice(number, box));
    any_pending_ = any_pending_ || box.has_pending();
  }
  first_pending_ = now;
  return writes;
}

RunWrite Outbox::slice(std::int64_t number, Box& box) {
  std::vector<Event>& events = box.pending.events;
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < events.size() && count < kEventsPerTurn && bytes < kBytesPerTurn) {
    bytes += weight(events[count++]);
  }
  RunWrite part;
  if (count == events.size()) {
    part = std::exchange(box.pending, {});
  } else {
    const auto end = events.begin() + static_cast<std::ptrdiff_t>(count);
    part.events.assign(std::move_iterator(events.begin()), std::move_iterator(end));
    events.erase(events.begin(), end);
    part.source_version = std::exchange(box.pending.source_version, std::nullopt);
  }
  part.number = number;
  part.lease_token = box.lease_token;
  box.pending_bytes -= bytes;
  box.sent_bytes += bytes;
  pending_bytes_ -= bytes;
  return part;
}

void Outbox::stored(const std::vector<RunWrite>& writes) {
  for (const RunWrite& write : writes) {
    const auto found = boxes_.find(write.number);
    if (found == boxes_.end()) continue;
    all_bytes_ -= std::exchange(found->second.sent_bytes, 0);
    if (write.outcome) forget(write.number);
  }
}

bool Outbox::put_back(std::vector<RunWrite>& writes) {
  bool outcome_waits = false;
  for (RunWrite& write : writes) {
    const auto found = boxes_.find(write.number);
    if (found == boxes_.end()) continue;
    Box& box = found->second;
    RunWrite& pending = box.pending;
    append(write.events, pending.events);
    pending.events = std::move(write.events);
    pending.dropped_log_count += write.dropped_log_count;
    if (!pending.progress) pending.progress = std::move(write.progress);
    if (!pending.source_version) pending.source_version = std::move(write.source_version);
    if (!pending.outcome) pending.outcome = std::move(write.outcome);
    pending_bytes_ += box.sent_bytes;
    box.pending_bytes += std::exchange(box.sent_bytes, 0);
    any_pending_ = any_pending_ || box.has_pending();
    outcome_waits = outcome_waits || pending.outcome.has_value();
  }
  return outcome_waits;
}

FileToKeep Outbox::take_file() {
  FileToKeep file = std::move(files_.front());
  files_.pop_front();
  return file;
}

void Outbox::file_done(const FileToKeep& file) {
  Box* box = find(file.run);
  if (!box) return;
  box->file_bytes -= file.base64.size();
  all_bytes_ -= file.base64.size();
}

std::vector<std::int64_t> Outbox::relieve() {
  std::vector<std::int64_t> relieved;
  if (all_bytes_ > kAllCrowded / 2) return relieved;
  for (auto& [number, box] : boxes_) {
    if (!box.crowded || box.bytes() > kRunCrowded / 2) continue;
    box.crowded = false;
    relieved.push_back(number);
  }
  return relieved;
}

}  // namespace windlass::worker
