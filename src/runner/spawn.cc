#include "runner/spawn.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

namespace windlass::runner {

namespace {

constexpr int kControl = 3;
/// When memory runs out the kernel is to end a job rather than Windlass.
constexpr char kOomScore[] = "300";

/// All that the forked process needs, made before the fork: between fork and exec nothing may
/// allocate or lock.
struct Prepared {
  std::vector<char*> arguments;
  std::vector<char*> environment;
  int control;
  int output;
  int failure;  ///< a pipe that tells errno when something fails, and closes with the exec
  pid_t parent;
  const Account* account;
  const char* folder;  ///< or null
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  for (std::string& text : texts) found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

[[noreturn]] void give_up(int failure) {
  const int reason = errno;
  [[maybe_unused]] const ssize_t written = ::write(failure, &reason, sizeof reason);
  ::_exit(127);
}

void require(bool worked, int failure) {
  if (!worked) give_up(failure);
}

void set_descriptors(const Prepared& prepared, int failure) {
  // Out of the way first: the descriptors may stand where others have to go.
  const int input = ::open("/dev/null", O_RDONLY);
  const int control = ::fcntl(prepared.control < 0 ? input : prepared.control, F_DUPFD, 10);
  const int output = ::fcntl(prepared.output, F_DUPFD, 10);
  require(control >= 0 && output >= 0 && input >= 0, failure);
  require(::dup2(input, 0) >= 0 && ::dup2(output, 1) >= 0 && ::dup2(output, 2) >= 0 &&
              ::dup2(control, kControl) >= 0,
          failure);
  // Everything else closes with the exec; the failure pipe has to live until then.
  ::syscall(SYS_close_range, kControl + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

/// By the system call: the C library refuses the numbers that it keeps for itself, which whoever
/// started Windlass may have ignored all the same.
void reset_signals() {
  constexpr std::size_t kKernelSetSize = 8;
  const struct {
    void* handler;
    unsigned long flags;
    void* restorer;
    unsigned long mask;
  } standard{};
  for (int number = 1; number < NSIG; ++number) {
    ::syscall(SYS_rt_sigaction, number, &standard, nullptr, kKernelSetSize);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// System calls themselves: the C library's functions would look for other threads.
void become(const Account& account, int failure) {
  require(::syscall(SYS_setgroups, account.groups.size(), account.groups.data()) == 0, failure);
  require(::syscall(SYS_setresgid, account.group, account.group, account.group) == 0, failure);
  require(::syscall(SYS_setresuid, account.user, account.user, account.user) == 0, failure);
}

void prefer_for_oom() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(file, kOomScore, sizeof kOomScore - 1);
  ::close(file);
}

[[noreturn]] void run_program(const Prepared& prepared) {
  const int failure = ::fcntl(prepared.failure, F_DUPFD_CLOEXEC, 10);
  if (failure < 0) ::_exit(127);
  ::setsid();
  prefer_for_oom();
  set_descriptors(prepared, failure);
  if (prepared.account != nullptr) become(*prepared.account, failure);
  require(prepared.folder == nullptr || ::chdir(prepared.folder) == 0, failure);
  // What it starts falls to it, not to Windlass, while it lives.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  // After the change of account, which would clear it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != prepared.parent) ::_exit(127);
  reset_signals();
  ::execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
  give_up(failure);
}

struct Programs {
  std::mutex mutex;
  std::set<pid_t> pids;
};
Programs& programs() {
  static Programs all;
  return all;
}

Error start_error(const std::string& program, int reason) {
  return {"runner.interpreter", "The interpreter " + program +
                                    " cannot be started: " + std::strerror(reason) +
                                    ". Set `python` to one that this account may run."};
}

/// With signals blocked no handler of ours can run in the forked process.
pid_t fork_with_signals_blocked(const Prepared& prepared) {
  // Until it is known as ours it looks like an orphan that has fallen to this process.
  const std::lock_guard lock(programs().mutex);
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) run_program(prepared);
  const int reason = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = reason;
  if (pid > 0) programs().pids.insert(pid);
  return pid;
}

Result<pid_t> start(SpawnPlan& plan) {
  const std::string program = plan.command.at(0);
  int failure[2];
  if (::pipe2(failure, O_CLOEXEC) != 0) return start_error(program, errno);
  const UniqueFd told(failure[0]);
  UniqueFd tell(failure[1]);
  const Prepared prepared{pointers(plan.command),
                          pointers(plan.environment),
                          plan.control.get(),
                          plan.output.get(),
                          tell.get(),
                          ::getpid(),
                          plan.account ? &*plan.account : nullptr,
                          plan.folder.empty() ? nullptr : plan.folder.c_str()};
  const pid_t pid = fork_with_signals_blocked(prepared);
  if (pid < 0) return start_error(program, errno);
  tell.reset();
  int reason = 0;
  ssize_t size;
  do {
    size = ::read(told.get(), &reason, sizeof reason);
  } while (size < 0 && errno == EINTR);
  if (size != sizeof reason) return pid;
  ::waitpid(pid, nullptr, 0);
  forget_program(pid);
  return start_error(program, reason);
}

}  // namespace

bool is_our_program(pid_t pid) {
  const std::lock_guard lock(programs().mutex);
  return programs().pids.contains(pid);
}

void forget_program(pid_t pid) {
  const std::lock_guard lock(programs().mutex);
  programs().pids.erase(pid);
}

Result<Account> find_account(const std::string& name) {
  std::vector<char> room(16 << 10);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found) != 0 ||
      found == nullptr) {
    return Error{"runner.job_user",
                 "There is no account named " + name + ". Create it or change `job_user`."};
  }
  if (::geteuid() != 0 && ::geteuid() != found->pw_uid) {
    return Error{"runner.job_user",
                 "Only root may run jobs as another account. Start Windlass as root, or leave "
                 "`job_user` empty."};
  }
  Account account{found->pw_uid, found->pw_gid, std::vector<gid_t>(64), found->pw_dir};
  int count = static_cast<int>(account.groups.size());
  if (::getgrouplist(name.c_str(), account.group, account.groups.data(), &count) < 0) {
    account.groups.resize(static_cast<std::size_t>(count));
    ::getgrouplist(name.c_str(), account.group, account.groups.data(), &count);
  }
  account.groups.resize(static_cast<std::size_t>(count));
  return account;
}

Spawner::Spawner() : thread_([this] { work(); }) {}

Spawner::~Spawner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Spawner::spawn(SpawnPlan plan, std::function<void(Result<pid_t>)> done) {
  auto shared = std::make_shared<SpawnPlan>(std::move(plan));
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back([shared, done = std::move(done)] {
      Result<pid_t> started = start(*shared);
      shared->control.reset();
      shared->output.reset();
      done(std::move(started));
    });
  }
  changed_.notify_one();
}

void Spawner::work() {
  ::pthread_setname_np(::pthread_self(), "wl-spawn");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || !requests_.empty(); });
    if (requests_.empty()) return;
    const auto request = std::move(requests_.front());
    requests_.pop_front();
    lock.unlock();
    request();
    lock.lock();
  }
}

}  // namespace windlass::runner
