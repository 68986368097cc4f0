// Jobs whose process does what processes of jobs may do.
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <windlass/jobs.hpp>

using namespace windlass::jobs;

namespace {

const int opened_at_load = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);

std::string target(int descriptor) {
  char text[256];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t size = ::readlink(link.c_str(), text, sizeof text);
  return size < 0 ? "" : std::string(text, static_cast<std::size_t>(size));
}

bool is_default(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_DFL;
}

/// Waits for the only child process; its exit status.
int wait_for_child() {
  int status = 0;
  while (::wait(&status) < 0 && errno == EINTR) {
  }
  return WEXITSTATUS(status);
}

class Looks : public Job {
 public:
  Json run() override {
    Json open = Json::array();
    for (int number = 0; number < 64; ++number) {
      if (!target(number).empty() && number != opened_at_load) open.push_back(number);
    }
    sigset_t mask;
    ::sigprocmask(SIG_BLOCK, nullptr, &mask);
    int blocked = 0;
    for (int number = 1; number < 32; ++number) blocked += ::sigismember(&mask, number);
    bool all_default = true;
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
      all_default = all_default && is_default(number);
    }
    return {{"open", open.size()}, {"stdin", target(0)},     {"session", ::getsid(0) == ::getpid()},
            {"blocked", blocked},  {"default", all_default}, {"loaded", target(opened_at_load)}};
  }
};

class Adds : public Job {
 public:
  IntegerVar first{this, "first"};
  Json run() override { return *first + 1; }
};

class Prints : public Job {
 public:
  Json run() override {
    std::printf("a line\nno newline");
    std::cout << ", from a stream";
    std::cerr << "an error";
    return {};
  }
};

class ClosesOutput : public Job {
 public:
  Json run() override {
    for (const int number : {0, 1, 2}) ::close(number);
    return {};
  }
};

class ClosesEverything : public Job {
 public:
  BooleanVar puts_another_there{this, "puts_another_there"};
  Json run() override {
    for (int number = 3; number < 64; ++number) ::close(number);
    while (*puts_another_there && ::open("/dev/null", O_RDONLY) < 16) {
    }
    return {};
  }
};

class MovesAway : public Job {
 public:
  Json run() override {
    if (::chdir("/usr") != 0) throw std::runtime_error("/usr");
    ::signal(SIGUSR1, SIG_IGN);
    return {};
  }
};

class Forks : public Job {
 public:
  StringVar how{this, "how"};
  Json run() override {
    if (::fork() == 0) {
      if (*how == "throws") throw std::runtime_error("in the copy");
      if (*how == "exits") std::exit(5);
      if (*how == "crashes") std::abort();
      return {};
    }
    return wait_for_child();
  }
};

/// Leaves six processes behind, in sessions of their own, and says who they are.
class LeavesBehind : public Job {
 public:
  Json run() override {
    for (int number = 0; number < 3; ++number) {
      if (::fork() != 0) continue;
      ::setsid();
      if (::fork() < 0) std::abort();
      ::signal(SIGTERM, SIG_IGN);
      ::dprintf(2, "%d\n", ::getpid());
      while (true) ::pause();
    }
    return {};
  }
};

class StartsThread : public Job {
 public:
  BooleanVar joins{this, "joins"};
  Json run() override {
    for (int number = 0; number < 20 && *joins; ++number) std::thread([] {}).join();
    if (!*joins)
      std::thread([] {
        while (true) ::pause();
      }).detach();
    return {};
  }
};

/// Waits for a stop by what its input says.
class Stops : public Job {
 public:
  StringVar by{this, "by"};
  Json run() override {
    if (*by == "token") {
      const std::stop_token token = stop_token();
      logger.info("waiting");
      while (!token.stop_requested()) std::this_thread::yield();
      return "token";
    }
    logger.info("waiting");
    if (*by == "file") create_file("a", "b");
    while (true) check_stop();
  }
};

class ReturnsMuch : public Job {
 public:
  Json run() override {
    std::string text;
    while (text.size() < 3'000'000) text += "caf\u00e9 \"x\" \n";
    logger.info("{}", text);
    return text;
  }
};

class Throws : public Job {
 public:
  Json run() override { return std::string("abc").at(7); }
};

[[gnu::noinline]] int overflow(const volatile int* number) {
  volatile int more[1'000];
  more[0] = *number + 1;
  return more[0] < 0 ? 0 : overflow(more) + more[0];
}

class Crashes : public Job {
 public:
  StringVar how{this, "how"};
  Json run() override {
    std::printf("before");
    if (*how == "overflow") {
      const volatile int zero = 0;
      return overflow(&zero);
    }
    if (*how == "null_function") {
      void (*volatile nothing)() = nullptr;
      nothing();
    }
    if (*how == "zero") {
      volatile int zero = 0;
      return 7 / zero;
    }
    if (*how == "heap") {
      void* const memory = std::malloc(2'400);
      std::free(memory);
      asm volatile("" : : "r"(memory));
      std::free(memory);
    }
    if (*how == "signal") ::kill(::getpid(), SIGBUS);
    if (*how == "destructor") {
      is_broken_ = true;
      return {};
    }
    if (*how == "noexcept") throws_though_it_must_not();
    if (*how == "thread") std::thread(misses_a_key).join();
    std::abort();
  }
  ~Crashes() override {
    if (is_broken_) misses_a_key();
  }

 private:
  static void misses_a_key() { std::map<int, int>().at(1); }
  static void throws_though_it_must_not() noexcept { throw 42; }

  bool is_broken_ = false;
};

}  // namespace

static const auto registered =
    register_jobs<Looks, Adds, Prints, ClosesOutput, ClosesEverything, MovesAway, Forks,
                  LeavesBehind, StartsThread, Stops, ReturnsMuch, Throws, Crashes>();
