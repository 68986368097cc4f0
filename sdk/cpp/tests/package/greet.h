#pragma once

#include <windlass/jobs.hpp>

class Greet : public windlass::jobs::Job {
 public:
  static inline const windlass::jobs::Meta meta{.name = "Greet", .task_queues = {"default"}};

  windlass::jobs::StringVar who{this, "who", {.max_length = 20, .default_value = "world"}};

  windlass::jobs::Json run() override {
    logger.info("Greeting {}", *who);
    return "hello " + *who;
  }
};
