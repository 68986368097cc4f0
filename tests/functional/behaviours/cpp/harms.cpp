// What no job should do, each by its name.
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
#include <windlass/jobs.hpp>
using namespace windlass::jobs;

namespace {

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::runtime_error("write()");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

[[noreturn]] void hang() {
  while (true) ::pause();
}

class Harms : public Job {
 public:
  static inline const Meta meta{
      .has_sensitive_variables = false, .soft_time_limit = 60, .time_limit = 90};
  StringVar how{this, "how"};
  StringVar mark{this, "mark", {.required = false}};

  Json run() override {
    const std::string& what = *how;
    if (what == "segfault") {
      volatile int* const nowhere = nullptr;
      *nowhere = 1;
    }
    if (what == "aborts") std::abort();
    if (what == "kills_itself") ::kill(::getpid(), SIGKILL);
    if (what == "leaves") ::_exit(3);
    if (what == "closes_all") {
      for (int descriptor = 0; descriptor < 1000; ++descriptor) ::close(descriptor);
      hang();
    }
    if (what == "closes_output") {
      ::close(1);
      ::close(2);
      return "fine";
    }
    if (what == "eats") {
      std::vector<std::string> hoard;
      while (true) hoard.emplace_back(10'000'000, 'x');
    }
    if (what == "copies_itself") return copies_itself();
    if (what == "spawns") spawns();
    if (what == "fork_bomb") {
      const pid_t main = ::getpid();
      for (int count = 0; count < 6; ++count) {
        if (::fork() < 0) throw std::runtime_error("fork()");
      }
      if (::getpid() != main) ::execlp("sleep", ("sleep-" + *mark).c_str(), "600", nullptr);
      hang();
    }
    if (what == "leaves_threads") {
      for (int count = 0; count < 3; ++count) std::thread(hang).detach();
      return "main is done";
    }
    if (what == "prints_much") {
      const std::string text(1'000'000, 'y');
      for (int count = 0; count < 20; ++count) write_all(1, text);
    }
    if (what == "logs_much") {
      const std::string text(10'000, 'x');
      for (int count = 0; count < 10'000; ++count) logger.info(text);
    }
    if (what == "no_text") {
      write_all(1, "caf\xe9 \xff\xfe\n");
      logger.info(std::string_view("half \xe9 and NUL \0", 17));
    }
    if (what == "garbage") return garbage();
    if (what == "ignores_everything") {
      for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGHUP}) ::signal(number, SIG_IGN);
      hang();
    }
    return {};
  }

 private:
  static Json copies_itself() {
    const pid_t copy = ::fork();
    if (copy == 0) throw std::runtime_error("in the copy");
    int status = 0;
    while (::waitpid(copy, &status, 0) < 0 && errno == EINTR) {
    }
    return WEXITSTATUS(status);
  }

  void spawns() const {
    const std::string name = "sleep-" + *mark;
    if (::fork() == 0) {
      ::setsid();
      ::execlp("sleep", name.c_str(), "600", nullptr);
    }
    if (::fork() == 0) {
      ::setsid();
      ::setenv("MARK", mark->c_str(), 1);
      ::execlp("sleep", "sleep", "601", nullptr);
    }
  }

  static Json garbage() {
    for (int descriptor = 3; descriptor < 64; ++descriptor) {
      struct stat file {};
      if (::fstat(descriptor, &file) != 0 || !S_ISSOCK(file.st_mode)) continue;
      for (const std::string& data :
           {std::string("\xff no json"), std::string(R"({"type": "log", "level": 7})"),
            std::string(50'000, '[')}) {
        ::send(descriptor, data.data(), data.size(), MSG_NOSIGNAL);
      }
    }
    return "still here";
  }
};

class Hangs : public Harms {
 public:
  static inline const Meta meta{
      .has_sensitive_variables = false, .soft_time_limit = 0.5, .time_limit = 1.5};
};

}  // namespace

static const auto registered = register_jobs<Harms, Hangs>();
