#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"

namespace windlass::sources {

/// Collects events until their files have come to rest. Pure: time is given in. One thread.
class PendingChanges {
 public:
  enum class Event {
    kWritten,  ///< open for writing: the file is held until kClosed, or `hold` without another
               ///< event
    kClosed,   ///< closed, moved, made by a link, removed
    kTouched,  ///< attributes; says nothing about being open
    kPolled,   ///< found changed by a rescan: nobody knows whether it is being written, so it must
               ///< be seen unchanged once
  };

  PendingChanges(Micros quiet, Micros max_delay, Micros hold)
      : quiet_(quiet), max_delay_(max_delay), hold_(hold) {}

  void add(const std::string& path, Event event, Micros now);
  /// Something that no list of paths can tell happened.
  void add_everything(Micros now);
  /// A rescan begun at `since` has ended: what it found unchanged is no longer in doubt.
  void settle_polled(Micros since, Micros now);

  /// When to look again; nullopt when nothing is pending.
  std::optional<Micros> due() const;
  /// Whether a rescan must come first.
  bool needs_rescan(Micros now) const;
  struct Taken {
    std::set<std::string> paths;
    bool everything = false;
  };
  /// Takes what has come to rest; nothing while events are still coming in.
  Taken take(Micros now);

  bool contains(const std::string& path) const { return files_.contains(path); }
  /// Paths that are held, being open or in doubt.
  std::set<std::string> held() const;
  /// All paths.
  std::set<std::string> paths() const;

 private:
  struct File {
    Event state = Event::kClosed;
    Micros last{0};
  };
  std::optional<Micros> ready_due() const;
  void note_ready(Micros now);

  Micros quiet_;
  Micros max_delay_;
  Micros hold_;
  std::map<std::string, File> files_;
  bool everything_ = false;
  std::optional<Micros> first_ready_;  ///< of what is ready and not taken
  Micros last_ready_{0};
};

}  // namespace windlass::sources
