#pragma once

#include <memory>
#include <optional>
#include <string>

#include "runner/parent.h"

namespace windlass::runner {

class Load;

/// The process that has imported one version and forks its runs. Owned by its base. Event loop
/// only.
class Zygote final : public Parent {
 public:
  Zygote(PoolCore& core, UniqueFd control, std::string name, std::shared_ptr<Version> version,
         Load& load);

  const std::string& name() const { return name_; }
  const std::shared_ptr<Version>& version() const { return version_; }
  /// The load that it serves; null when its manifest has come or nobody waits for it any more.
  Load* load() const { return load_; }
  void forget_load() { load_ = nullptr; }

  /// The base forked it.
  void forked(pid_t pid) { process_ = Process(pid); }
  /// The base reaped it, and ended what it left behind.
  void reaped(std::optional<int> status);
  using Parent::lose;
  /// Whether it and all its children are dead.
  bool all_ended() const { return process_.ended() && children_ended(); }
  bool was_reaped() const { return reaped_; }
  std::optional<int> status() const { return status_; }
  /// It is dead with everything below it: tells its runs and its load.
  void settle(const std::string& message);
  Micros lost_at{0};

 private:
  void on_frame(std::string_view type, json::object frame) override;
  void on_lost() override;

  std::string name_;
  std::shared_ptr<Version> version_;
  Load* load_;
  bool reaped_ = false;
  std::optional<int> status_;
};

}  // namespace windlass::runner
