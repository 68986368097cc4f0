#include "runner/zygote.h"

#include "base/log.h"
#include "runner/load.h"
#include "runner/pool_core.h"

namespace windlass::runner {

Zygote::Zygote(PoolCore& core, UniqueFd control, std::string name, std::shared_ptr<Version> version,
               Load& load)
    : Parent(core, std::move(control)),
      name_(std::move(name)),
      version_(std::move(version)),
      load_(&load) {}

void Zygote::reaped(std::optional<int> status) {
  reaped_ = true;
  status_ = status;
  lose();
}

void Zygote::settle(const std::string& message) {
  settle_children(message);
  if (load_ != nullptr) std::exchange(load_, nullptr)->zygote_ended(status_);
}

void Zygote::on_frame(std::string_view type, json::object frame) {
  if (type == "importing" && load_ != nullptr) {
    load_->importing(get_string(frame, "module"));
  } else if (type == "manifest" && load_ != nullptr) {
    std::exchange(load_, nullptr)->manifest(*this, std::move(frame));
  } else {
    log::warning("a zygote sent what was not expected",
                 {{"zygote", name_},
                  {"type", std::string(type)},
                  {"message", get_string(frame, "message")}});
  }
}

void Zygote::on_lost() {
  lost_at = core_.clock().steady();
  core_.zygote_lost(*this);
}

}  // namespace windlass::runner
