#pragma once

#include <windlass/jobs.hpp>

class Ping : public windlass::jobs::JobButtonReceiver {
 public:
  windlass::jobs::Json receive_job_button(const windlass::jobs::Record& object) override {
    logger.about(object.id()).info("Pinging {}", object.id());
    return object.id();
  }
};
