#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"

namespace windlass {

/// This process, as text that no other process of any machine at any time has: "<boot id>.<pid
/// namespace>:<pid>:<start ticks>:<id>". Stands in a worker's record and in the environment of all
/// that it starts. Reads /proc; thread-safe.
std::string instance_marker(const Uuid& id);

enum class InstanceState {
  kAlive,      ///< the process runs
  kGone,       ///< it ran here and has ended
  kElsewhere,  ///< another boot, another container or another machine: cannot be told from here
};
/// What has become of the process that an instance marker names. Text that is no marker is
/// kElsewhere. Thread-safe.
InstanceState instance_state(std::string_view marker);

}  // namespace windlass
