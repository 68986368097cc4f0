// What a run says while it lasts: log, console, progress, files.
#include <cstdio>
#include <iostream>
#include <ostream>
#include <ranges>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
#include <windlass/jobs.hpp>
using namespace windlass::jobs;

namespace {

struct Thing {
  std::string get_absolute_url() const { return "/things/1/"; }
};
std::ostream& operator<<(std::ostream& out, const Thing&) {
  return out << "the thing";
}

class Speaks : public Job {
 public:
  static inline const Meta meta{.has_sensitive_variables = false};
};

class Logs : public Speaks {
 public:
  Json run() override {
    logger.debug("debug");
    logger.info("info");
    logger.success("success");
    logger.warning("warning");
    logger.failure("failure");
    logger.error("error");
    logger.critical("critical");
    helper();
    logger.grouping("my group").info("grouped");
    logger.about(Thing()).info("about");
    logger.console_only().info("hidden");
    logger.info("{} of {}, {}%", 1, 2, 50.5);
    logger.info("no arguments: %s {}");
    logger.info("password: hunter22");
    std::thread([this] { logger.info("from a thread"); }).join();
    return {};
  }
  void helper() { logger.info("from helper"); }
};

class Prints : public Speaks {
 public:
  Json run() override {
    std::puts("to stdout");
    std::cerr << "to stderr\n";
    std::cout << "open end";
    return {};
  }
};

class Progresses : public Speaks {
 public:
  Json run() override {
    progress(1, 4, "begun");
    int total = 0;
    for (const int number : track(*this, std::vector<int>{1, 2, 3}, "adding")) total += number;
    const std::vector<int> numbers{0, 4, 5};
    for (const int number :
         track(*this, numbers | std::views::filter([](int one) { return one > 0; }), "more")) {
      total += number;
    }
    std::string problem = "none";
    try {
      progress(-1);
    } catch (const JobError&) {
      problem = "refused";
    }
    return Json::array({total, problem});
  }
};

class Writes : public Speaks {
 public:
  Json run() override {
    create_file("text.txt", "grün\n");
    const CreatedFile file = create_file("data.bin", std::string_view("\0\xff", 2));
    int refused = 0;
    for (const char* name : {"../x", "a/b", "/etc/passwd", "", ".", "..", "x\ny"}) {
      refused += refuses(name, "x");
    }
    refused += refuses("big.bin", std::string(11 << 20, 'x'));
    return {{"refused", refused}, {"name", file.name}, {"url", file.url.ends_with("/download/")}};
  }

 private:
  int refuses(const char* name, const std::string& content) {
    try {
      create_file(name, content);
      return 0;
    } catch (const JobError&) {
      return 1;
    }
  }
};

}  // namespace

static const auto registered = register_jobs<Logs, Prints, Progresses, Writes>();
