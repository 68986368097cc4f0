// Prints the library's own figures. Not a test; the machine should be idle.
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>
#include <windlass/jobs.hpp>
#include <windlass/testing.hpp>

#include "seam.hpp"

using namespace windlass::jobs;

namespace {

class Noop : public Job {
 public:
  Json run() override { return {}; }
};

class Takes : public Job {
 public:
  StringVar text{this, "text", {.description = "A text that is long enough for the heap"}};
  IntegerVar count{this, "count", {.min_value = 0}};
  ChoiceVar choice{this, "choice", {.choices = {{"a", "A"}, {"b", "B"}, {"c", "C"}}}};
  Json run() override { return *count; }
};

class Logs : public Job {
 public:
  IntegerVar count{this, "count"};
  Json run() override {
    for (std::int64_t number = 0; number < *count; ++number) {
      logger.info("entry {} of many, with some words in it", number);
    }
    return {};
  }
};

const auto registered = register_jobs<Noop, Takes, Logs>();

/// Sends each frame as one message, as the runner does.
class Socket : public internal::Host {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  void send(std::string_view frame_json) override {
    ::send(descriptor_, frame_json.data(), frame_json.size(), MSG_NOSIGNAL);
  }
  Json wait_for(std::string_view, std::string_view, std::string_view, std::int64_t) override {
    return {};
  }
  std::string_view stop_reason() override { return ""; }
  int stop_descriptor() override { return -1; }

 private:
  int descriptor_;
};

template <class Body>
double seconds(Body body) {
  const auto began = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

Json frame_of(const char* class_path, Json inputs) {
  return Json::object({{"type", "run"},
                       {"task_id", "1"},
                       {"class_path", class_path},
                       {"inputs", std::move(inputs)},
                       {"attempt", 1}});
}

}  // namespace

int main() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) return 1;
  std::thread reader([&] {
    char buffer[65536];
    while (recv(ends[1], buffer, sizeof buffer, 0) > 0) {
    }
  });
  Socket host(ends[0]);
  constexpr int kRuns = 200'000;
  const auto time_runs = [&](const char* what, const Json& frame) {
    const double spent = seconds([&] {
      for (int run = 0; run < kRuns; ++run) internal::run_job(frame, {}, host);
    });
    std::printf("%-38s %8.2f us\n", what, spent / kRuns * 1e6);
  };
  time_runs("a run without inputs", frame_of("Noop", Json::object()));
  time_runs("a run with three inputs",
            frame_of("Takes", Json::object({{"text", "hello"}, {"count", 1}, {"choice", "b"}})));
  constexpr int kEntries = 1'000'000;
  const double spent = seconds([&] {
    internal::run_job(frame_of("Logs", Json::object({{"count", kEntries}})), {}, host);
  });
  std::printf("%-38s %8.0f /s\n", "log entries, one message each", kEntries / spent);
  close(ends[0]);
  reader.join();
  return 0;
}
