// A module that leaves a thread behind when it is loaded.
#include <unistd.h>

#include <thread>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

static const bool started = [] {
  std::thread([] {
    while (true) ::pause();
  }).detach();
  return true;
}();

class Adds : public Job {
 public:
  IntegerVar first{this, "first"};
  Json run() override { return *first + (started ? 10 : 0); }
};

static const auto registered = register_jobs<Adds>();
