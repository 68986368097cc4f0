#include "sources/pending_changes.h"

#include <algorithm>
#include <utility>

namespace windlass::sources {

void PendingChanges::note_ready(Micros now) {
  if (!first_ready_) first_ready_ = now;
  last_ready_ = now;
}

void PendingChanges::add(const std::string& path, Event event, Micros now) {
  const auto at = files_.find(path);
  const bool held = at != files_.end() && at->second.state != Event::kClosed;
  if (event == Event::kPolled && at != files_.end() && !held) return;  // it is about to be told
  Event state = event;
  if (event == Event::kTouched) state = held ? at->second.state : Event::kClosed;
  if (event == Event::kPolled && held) state = at->second.state;
  files_[path] = {state, now};
  if (state == Event::kClosed) note_ready(now);
}

void PendingChanges::add_everything(Micros now) {
  everything_ = true;
  note_ready(now);
}

void PendingChanges::settle_polled(Micros since, Micros now) {
  for (auto& [path, file] : files_) {
    if (file.state != Event::kPolled || file.last >= since) continue;
    file.state = Event::kClosed;
    first_ready_ = std::min(first_ready_.value_or(now),
                            now - quiet_);  // it has been quiet for that long already
    last_ready_ = std::max(last_ready_, now - quiet_);
  }
}

std::optional<Micros> PendingChanges::ready_due() const {
  if (!first_ready_) return std::nullopt;
  return std::min(last_ready_ + quiet_, *first_ready_ + max_delay_);
}

std::optional<Micros> PendingChanges::due() const {
  std::optional<Micros> earliest = ready_due();
  for (const auto& [path, file] : files_) {
    if (file.state == Event::kClosed) continue;
    const Micros at = file.last + (file.state == Event::kPolled ? quiet_ : hold_);
    earliest = std::min(earliest.value_or(at), at);
  }
  return earliest;
}

bool PendingChanges::needs_rescan(Micros now) const {
  return std::any_of(files_.begin(), files_.end(), [&](const auto& entry) {
    return entry.second.state == Event::kPolled && entry.second.last + quiet_ <= now;
  });
}

PendingChanges::Taken PendingChanges::take(Micros now) {
  const auto ready = ready_due();
  const bool at_rest = ready && *ready <= now;
  Taken taken;
  for (auto at = files_.begin(); at != files_.end();) {
    const File& file = at->second;
    const bool forgotten = file.state == Event::kWritten && file.last + hold_ <= now;
    if (forgotten || (at_rest && file.state == Event::kClosed)) {
      taken.paths.insert(at->first);
      at = files_.erase(at);
    } else {
      ++at;
    }
  }
  if (at_rest) {
    taken.everything = std::exchange(everything_, false);
    first_ready_.reset();
  }
  return taken;
}

std::set<std::string> PendingChanges::held() const {
  std::set<std::string> result;
  for (const auto& [path, file] : files_) {
    if (file.state != Event::kClosed) result.insert(path);
  }
  return result;
}

std::set<std::string> PendingChanges::paths() const {
  std::set<std::string> result;
  for (const auto& [path, file] : files_) result.insert(path);
  return result;
}

}  // namespace windlass::sources
