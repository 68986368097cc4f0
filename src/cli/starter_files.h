#pragma once

#include <string_view>

/// What `jobs new` writes; %CLASS% and %NAME% are replaced.
namespace windlass::cli {

inline constexpr std::string_view kPythonStarter =
    R"job("""%NAME%: change it as you like; the next run is on what is saved."""

from windlass import jobs

name = "My Jobs"


class %CLASS%(jobs.Job):
    class Meta:
        name = "%NAME%"
        description = "Greets somebody a number of times."
        has_sensitive_variables = False

    greeting = jobs.StringVar(default="Hello", description="What to say")
    times = jobs.IntegerVar(default=3, min_value=1, max_value=100, description="How often")

    def run(self, *, greeting, times):
        self.logger.info("Greeting %d times", times)
        for number in jobs.track(range(1, times + 1), message="Greeting"):
            print(f"{greeting}, number {number}")
        self.logger.success("All is said")
        return {"greeting": greeting, "times": times}


jobs.register_jobs(%CLASS%)
)job";

inline constexpr std::string_view kCppStarter =
    R"job(/// %NAME%: change it as you like. It is compiled when it is saved; the next run is on that.
#include <windlass/jobs.hpp>

#include <cstdio>

using namespace windlass::jobs;

class %CLASS% : public Job {
 public:
  static inline const Meta meta{.name = "%NAME%",
                                .description = "Greets somebody a number of times.",
                                .has_sensitive_variables = false};

  // The form. Options stand in this order, and each may be left out.
  StringVar greeting{this, "greeting", {.description = "What to say", .default_value = "Hello"}};
  IntegerVar times{
      this,
      "times",
      {.description = "How often", .min_value = 1, .max_value = 100, .default_value = 3}};

  Json run() override {
    logger.info("Greeting {} times", *times);
    for (int number = 1; number <= *times; ++number) {
      std::printf("%s, number %d\n", greeting->c_str(), number);
      // Shows how far the run has come, and throws when somebody cancels it.
      progress(number, static_cast<double>(*times), "Greeting");
    }
    logger.success("All is said");
    return {{"greeting", *greeting}, {"times", *times}};
  }
};

static const auto registered = register_jobs<%CLASS%>({.grouping = "My Jobs"});
)job";

}  // namespace windlass::cli
