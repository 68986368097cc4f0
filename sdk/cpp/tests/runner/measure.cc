// What the processes of C++ jobs cost, without a host's own work:
//
//   measure RUNNER LIBRARY MODULE RUN_CLASS LOG_CLASS
//
// LIBRARY is the shared object of the module MODULE, RUN_CLASS a job in it without inputs,
// LOG_CLASS one whose whole-number input `count` says how many entries to log. Prints a line a
// figure.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRuns = 5'000;
constexpr int kEntries = 500'000;
constexpr std::size_t kSpares = 4;
constexpr int kAtATime = 8;

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "measure: %s\n", what.c_str());
  std::exit(1);
}

struct Pair {
  int ours = -1;
  int theirs = -1;
};

Pair socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) give_up("socketpair");
  return {ends[0], ends[1]};
}

void send_text(int socket, std::string_view text, const std::vector<int>& descriptors = {}) {
  iovec data{const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  if (!descriptors.empty()) {
    const std::size_t size = descriptors.size() * sizeof(int);
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(size);
    cmsghdr* const item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(item), descriptors.data(), size);
  }
  if (::sendmsg(socket, &header, MSG_NOSIGNAL) < 0) give_up("sendmsg");
}

char buffer[65'536];

std::string_view receive(int socket) {
  const ssize_t size = ::recv(socket, buffer, sizeof buffer, 0);
  if (size <= 0) give_up("the other side has ended");
  return {buffer, static_cast<std::size_t>(size)};
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The first message that has `part` in it.
std::string wait_for(int socket, std::string_view part) {
  for (;;) {
    const std::string_view text = receive(socket);
    if (has(text, part)) return std::string(text);
    if (has(text, "\"fork_failed\"") || has(text, "\"FAILURE\"")) give_up(std::string(text));
  }
}

pid_t pid_in(std::string_view text) {
  const auto at = text.find("\"pid\":");
  return at == std::string_view::npos ? 0 : std::atoi(text.data() + at + 6);
}

struct Child {
  int socket = -1;
  pid_t pid = 0;
};

class Zygote {
 public:
  Zygote(int socket, std::string run_class) : socket_(socket), run_class_(std::move(run_class)) {
    null_ = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  }

  int socket() const { return socket_; }

  /// Asks for a child; returns its run socket.
  int ask_for_child() const {
    const Pair run = socket_pair();
    send_text(socket_, R"({"type":"fork","child":"c"})", {run.theirs, null_, null_});
    ::close(run.theirs);
    return run.ours;
  }
  Child fork() const {
    const int socket = ask_for_child();
    return {socket, pid_in(wait_for(socket_, "\"forked\""))};
  }

  void begin(const Child& child) const { send_text(child.socket, frame(run_class_, "{}", true)); }
  /// Sends the run and waits for its result.
  void run(const Child& child, const std::string& job, const std::string& inputs, bool last) const {
    send_text(child.socket, frame(job, inputs, last));
    wait_for(child.socket, "\"result\"");
  }
  void run(const Child& child) const { run(child, run_class_, "{}", true); }

  void end(const Child& child) const {
    ::kill(child.pid, SIGKILL);
    ::close(child.socket);
  }
  void wait_exited() const { wait_for(socket_, "\"exited\""); }

  static std::string frame(const std::string& job, const std::string& inputs, bool last) {
    return R"({"type":"run","task_id":"0190a000-0000-7000-8000-000000000001","class_path":")" +
           job + R"(","inputs":)" + inputs +
           R"(,"attempt":1,"user":{"id":"0190a000-0000-7000-8000-000000000008","username":"admin"},)"
           R"("job":{"id":"0190a000-0000-7000-8000-000000000009","name":"Job"},"queue":"default",)"
           R"("create_file_max_size":10485760)" +
           (last ? R"(,"last":true})" : "}");
  }

 private:
  int socket_;
  int null_ = -1;
  std::string run_class_;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void show(const char* what, double value, const char* unit) {
  std::printf("%-48s %12.3f %s\n", what, value, unit);
}

long pss_kib(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("Pss:", 0) == 0) return std::atol(line.c_str() + 4);
  }
  return 0;
}

/// Processor time of the zygote and of its children that have ended, in seconds.
double cpu_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  long user = 0;
  long system = 0;
  long children_user = 0;
  long children_system = 0;
  std::sscanf(text.c_str() + text.rfind(')') + 2,
              "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld %ld %ld", &user, &system,
              &children_user, &children_system);
  return static_cast<double>(user + system + children_user + children_system) /
         static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Each run in a child of its own, forked beforehand; how long from the run's frame to its result.
void measure_latency(const Zygote& zygote) {
  std::vector<double> times;
  for (int count = 0; count < 1'000; ++count) {
    const Child child = zygote.fork();
    // Until it sleeps, as a spare child does: one that has just been forked is still starting.
    ::usleep(300);
    const auto start = Clock::now();
    zygote.run(child);
    times.push_back(seconds_since(start));
    zygote.end(child);
    zygote.wait_exited();
  }
  std::sort(times.begin(), times.end());
  show("run frame to result, waiting child, median", times[times.size() / 2] * 1e3, "ms");
  show("the same, 99th percentile", times[times.size() * 99 / 100] * 1e3, "ms");
}

/// One run a child, several on their way at a time: what the zygote and its children can do.
class Isolated {
 public:
  explicit Isolated(const Zygote& zygote) : zygote_(zygote) {}

  void perform() {
    for (; asked_ < kAtATime; ++asked_) ask();
    while (ended_ < kRuns) {
      std::vector<pollfd> sockets{{zygote_.socket(), POLLIN, 0}};
      for (const Child& child : running_) sockets.push_back({child.socket, POLLIN, 0});
      if (::poll(sockets.data(), sockets.size(), -1) < 0) give_up("poll");
      for (std::size_t index = sockets.size() - 1; index > 0; --index) {
        if (sockets[index].revents != 0) take_result(index - 1);
      }
      if (sockets[0].revents != 0) take_answer();
    }
  }

 private:
  void ask() { asked_for_.push_back(zygote_.ask_for_child()); }

  void take_answer() {
    const std::string_view answer = receive(zygote_.socket());
    if (has(answer, "\"exited\"")) {
      ++ended_;
      if (asked_ < kRuns) {
        ++asked_;
        ask();
      }
      return;
    }
    if (!has(answer, "\"forked\"")) give_up(std::string(answer));
    running_.push_back({asked_for_.front(), pid_in(answer)});
    asked_for_.pop_front();
    zygote_.begin(running_.back());
  }

  void take_result(std::size_t index) {
    const std::string_view result = receive(running_[index].socket);
    if (!has(result, "\"SUCCESS\"")) give_up(std::string(result));
    zygote_.end(running_[index]);
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  const Zygote& zygote_;
  std::deque<int> asked_for_;  ///< run sockets of children to come
  std::vector<Child> running_;
  int asked_ = 0;
  int ended_ = 0;
};

void measure_isolated(const Zygote& zygote, pid_t zygote_pid) {
  const double cpu_before = cpu_of(zygote_pid);
  const auto start = Clock::now();
  Isolated(zygote).perform();
  show("fork, run, end", kRuns / seconds_since(start), "/s");
  show("processor time of that, zygote and child", (cpu_of(zygote_pid) - cpu_before) / kRuns * 1e3,
       "ms");
}

void measure_reused(const Zygote& zygote, const std::string& job) {
  const Child child = zygote.fork();
  const auto start = Clock::now();
  for (int count = 0; count < 4 * kRuns; ++count) zygote.run(child, job, "{}", false);
  show("runs in one child", 4 * kRuns / seconds_since(start), "/s");
  zygote.end(child);
  zygote.wait_exited();
}

void measure_logs(const Zygote& zygote, const std::string& job) {
  const Child child = zygote.fork();
  const auto start = Clock::now();
  send_text(child.socket, Zygote::frame(job, "{\"count\":" + std::to_string(kEntries) + "}", true));
  int entries = 0;
  for (;;) {
    const std::string_view text = receive(child.socket);
    if (has(text.substr(0, 24), "\"result\"")) break;
    ++entries;
  }
  show("log entries out of one child", entries / seconds_since(start), "/s");
  zygote.end(child);
  zygote.wait_exited();
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) give_up("usage: measure RUNNER LIBRARY MODULE RUN_CLASS LOG_CLASS");
  const std::string module = words[3];
  const Pair control = socket_pair();
  const pid_t base = ::fork();
  if (base == 0) {
    ::dup2(control.theirs, 3);
    ::execl(words[1], words[1], static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::close(control.theirs);
  wait_for(control.ours, "\"hello\"");
  const Pair socket = socket_pair();
  send_text(control.ours,
            R"({"type":"describe","zygote":"z","version":{"id":"v","sources":[{"kind":"jobs_root",)"
            R"("name":"jobs_root","path":"/","root":"/","skip":{},"modules":[")" +
                module + R"("],"libraries":{")" + module + R"(":{"path":")" + words[2] +
                R"(","file":"/jobs/job.cpp"}}}]}})",
            {socket.theirs});
  ::close(socket.theirs);
  const pid_t zygote_pid = pid_in(wait_for(control.ours, "\"forked\""));
  const std::string manifest = wait_for(socket.ours, "\"manifest\"");
  if (!has(manifest, "\"error\":null")) give_up(manifest);
  const Zygote zygote(socket.ours, module + "." + words[4]);

  std::vector<Child> waiting;
  for (std::size_t index = 0; index < kSpares; ++index) waiting.push_back(zygote.fork());
  ::usleep(50'000);
  const long both = pss_kib(base) + pss_kib(zygote_pid);
  long all = both;
  for (const Child& child : waiting) all += pss_kib(child.pid);
  show("memory of base and zygote (PSS)", static_cast<double>(both) / 1024, "MiB");
  show("the same and 4 waiting children", static_cast<double>(all) / 1024, "MiB");
  for (const Child& child : waiting) {
    zygote.end(child);
    zygote.wait_exited();
  }

  measure_latency(zygote);
  measure_isolated(zygote, zygote_pid);
  measure_reused(zygote, module + "." + words[4]);
  measure_logs(zygote, module + "." + words[5]);
  send_text(control.ours, R"({"type":"exit"})");
  ::waitpid(base, nullptr, 0);
}
