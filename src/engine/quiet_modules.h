#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "sources/version.h"

namespace windlass::engine {

/// Finds modules that registered jobs a moment ago and register none now: probably somebody is in
/// the middle of writing them. Such a module is held back until its files have stayed the same for
/// a while; then it is meant that way. One thread at a time.
class QuietModules {
 public:
  explicit QuietModules(Micros settle) : settle_(settle) {}

  /// The modules of this version that are to be held back at `now`.
  std::set<std::string> held_back(const sources::SourceVersion& version,
                                  const json::value& manifest, Micros now);
  /// This manifest is in force: its modules with jobs are those to watch over.
  void in_force(const json::value& manifest);
  /// When the first of them is to be looked at again, if any is held back.
  std::optional<Micros> due() const;

 private:
  struct Quiet {
    std::string hash;
    Micros since{0};
  };
  const Micros settle_;
  std::set<std::string> registering_;
  std::map<std::string, Quiet> quiet_;
};

}  // namespace windlass::engine
