// Jobs that end their process.
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace {

class Reads : public Job {
 public:
  Json run() override {
    logger.info("reading");
    const volatile int* const nowhere = nullptr;
    return *nowhere;
  }
};

/// Has an exception that nothing catches.
class Terminates : public Job {
 public:
  Json run() override {
    std::thread([] { throw std::runtime_error("no such device"); }).join();
    return {};
  }
};

class Exits : public Job {
 public:
  Json run() override { std::exit(3); }
};

}  // namespace

static const auto registered = register_jobs<Reads, Terminates, Exits>();
