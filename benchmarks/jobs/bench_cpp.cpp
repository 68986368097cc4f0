// The jobs that the benchmarks run, in C++.
#include <chrono>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

/// Does nothing.
class NoOp : public Job {
 public:
  static inline const Meta meta{.has_sensitive_variables = false};
  Json run() override { return {}; }
};

/// Returns the time of its first line, in seconds since 1970.
class FirstLine : public Job {
 public:
  static inline const Meta meta{.has_sensitive_variables = false};
  Json run() override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
  }
};

/// Logs n lines.
class Logs : public Job {
 public:
  static inline const Meta meta{.has_sensitive_variables = false};
  IntegerVar n{this, "n", {.min_value = 0, .default_value = 1000}};
  Json run() override {
    for (std::int64_t number = 0; number < *n; ++number)
      logger.info("line {} of the benchmark's log", number);
    return {};
  }
};

static const auto registered = register_jobs<NoOp, FirstLine, Logs>({.grouping = "Benchmarks"});
