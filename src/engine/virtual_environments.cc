#include "engine/virtual_environments.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/crypto.h"
#include "base/log.h"
#include "base/text.h"
#include "runner/environment.h"
#include "runner/load.h"

namespace windlass::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeyLength = 32;
constexpr int kLockEveryMs = 50;
constexpr Micros kIdentityLimit = std::chrono::seconds(30);
constexpr std::string_view kRequirements = "requirements.txt";
/// What tells an interpreter from others: packages made for one do not work with another.
constexpr const char* kIdentity =
    "import os, sys, sysconfig\n"
    "print(sys.implementation.cache_tag, sysconfig.get_config_var('SOABI'), "
    "os.path.realpath(sys.executable))";

Error cancelled() {
  return {"git.cancelled", "The sync was cancelled; nothing was changed."};
}

bool is_key(std::string_view name) {
  return name.size() == kKeyLength &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

UniqueFd open_folder(const fs::path& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::string stamp_of(const std::string& program) {
  struct stat found {};
  if (::stat(program.c_str(), &found) != 0) return program;
  return fmt::format("{} {} {} {}", program, found.st_ino, found.st_mtim.tv_sec,
                     found.st_mtim.tv_nsec);
}

/// Gives a folder and all in it to an account. Links are not followed.
Result<void> give(const fs::path& folder, uid_t user, gid_t group) {
  std::error_code failure;
  if (::lchown(folder.c_str(), user, group) != 0)
    return file_error("Cannot change the owner of", folder);
  for (auto at = fs::recursive_directory_iterator(folder, failure); !failure && at != fs::end(at);
       at.increment(failure)) {
    if (::lchown(at->path().c_str(), user, group) != 0)
      return file_error("Cannot change the owner of", at->path());
  }
  return ok();
}

/// The folder that pip runs in: the repository's files, or those alone that pip reads.
Result<void> copy_files(const sources::Requirements& wanted, const fs::path& files,
                        const fs::path& target) {
  std::error_code failure;
  fs::create_directories(target, failure);
  if (wanted.needs_tree) {
    fs::copy(files, target, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failure);
    // Read-only in the checkout; packages are built in place.
    for (auto at = fs::recursive_directory_iterator(target, failure); !failure && at != fs::end(at);
         at.increment(failure)) {
      if (!at->is_symlink())
        fs::permissions(at->path(), fs::perms::owner_write, fs::perm_options::add, failure);
    }
  }
  if (failure) {
    return Error{"file.io", fmt::format("Cannot copy the repository's files to {}: {}.",
                                        target.string(), failure.message())};
  }
  for (const auto& [path, content] : wanted.files) {
    const fs::path file = target / path;
    WL_TRY_VOID(make_folder(file.parent_path(), 0755));
    WL_TRY_VOID(replace_file(file, content, 0644));
  }
  return ok();
}

}  // namespace

/// An environment in the making.
struct VirtualEnvironments::Build {
  const sources::Requirements& wanted;
  const std::string program;  ///< the interpreter that makes it
  const fs::path folder;
  const fs::path files;  ///< where pip runs
  std::optional<runner::Account> account;
  const std::function<void(std::string line)>& told;
  const std::function<bool()>& proceed;
};

VirtualEnvironments::VirtualEnvironments(VirtualEnvironmentOptions options,
                                         const Sanitiser& sanitiser)
    : options_(std::move(options)), sanitiser_(sanitiser) {}

// which one ---------------------------------------------------------------------------------------

std::vector<std::string> VirtualEnvironments::environment() const {
  std::vector<std::string> more = options_.job_environment;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string_view entry = *at;
    if (entry.starts_with("PIP_")) more.emplace_back(entry.substr(0, entry.find('=')));
  }
  std::vector<std::string> all = runner::runner_environment(environ, more, options_.instance);
  std::erase_if(all, [](const std::string& entry) {
    return entry.starts_with("PYTHONPATH=") || entry.starts_with("VIRTUAL_ENV=");
  });
  return all;
}

Result<std::string> VirtualEnvironments::identity_of(const std::string& program) {
  const std::string stamp = stamp_of(program);
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = identities_.find(stamp); known != identities_.end())
      return known->second;
  }
  std::string said;
  WL_TRY(const runner::ToolEnd end,
         runner::run_tool(
             {{program, "-I", "-c", kIdentity}, environment(), "", {}, kIdentityLimit},
             [&](std::string_view line) { said = line; }, [] { return true; }));
  if (!end.succeeded() || said.empty()) {
    return Error{"runner.interpreter", fmt::format("The interpreter {} cannot be used. It said: {}",
                                                   program, sanitiser_.clean(said))};
  }
  const std::lock_guard lock(mutex_);
  return identities_[stamp] = said;
}

Result<std::string> VirtualEnvironments::key_of(const sources::Requirements& wanted,
                                                const std::string& python) {
  WL_TRY(const std::string program,
         runner::find_program(python, runner::value_of(environment(), "PATH")));
  WL_TRY(const std::string identity, identity_of(program));
  // Another account may not be able to read what was made for this one.
  return content_hash(identity + "\n" + options_.job_user + "\n" + wanted.key)
      .substr(0, kKeyLength);
}

std::optional<VirtualEnvironment> VirtualEnvironments::open(const std::string& key) const {
  std::error_code failure;
  const fs::path target = fs::read_symlink(options_.folder / key, failure);
  if (failure || target != target.filename()) return std::nullopt;
  const fs::path folder = options_.folder / target;
  VirtualEnvironment found{(folder / "bin" / "python").string(), sources::hold_folder(folder)};
  // The interpreter that it was made with may be gone.
  if (found.hold == nullptr || !fs::exists(found.python, failure)) return std::nullopt;
  return found;
}

Result<VirtualEnvironment> VirtualEnvironments::find(const sources::Requirements& wanted,
                                                     const std::string& python) {
  WL_TRY(const std::string key, key_of(wanted, python));
  if (auto found = open(key)) return *std::move(found);
  return Error{"git.not_here", fmt::format("what {} requires is not installed", wanted.file)};
}

// making one --------------------------------------------------------------------------------------

/// One build of an environment at a time, of all processes. The file may be removed while we wait.
Result<UniqueFd> VirtualEnvironments::lock(const std::string& key,
                                           const std::function<void()>& waits,
                                           const std::function<bool()>& proceed) const {
  const fs::path path = options_.folder / (key + ".lock");
  bool told = false;
  for (;;) {
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) return file_error("Cannot open", path);
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return file_error("Cannot lock", path);
      if (!std::exchange(told, true)) waits();
      if (!proceed()) return cancelled();
      ::poll(nullptr, 0, kLockEveryMs);
    }
    struct stat held {
    }, named{};
    if (::fstat(file.get(), &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
        held.st_ino == named.st_ino)
      return file;
  }
}

Result<VirtualEnvironment> VirtualEnvironments::make(
    const sources::Requirements& wanted, const std::string& python, const fs::path& files,
    const std::function<void(std::string line)>& told, const std::function<bool()>& proceed) {
  WL_TRY(const std::string key, key_of(wanted, python));
  if (auto found = open(key)) return *std::move(found);
  std::optional<runner::Account> account;
  if (!options_.job_user.empty()) {
    WL_TRY(account, runner::find_account(options_.job_user));
    if (account->user == ::geteuid()) account.reset();
  }
  WL_TRY_VOID(make_folder(options_.folder));
  if (account) WL_TRY_VOID(allow_mode(options_.folder, 0711));
  WL_TRY(const UniqueFd locked,
         lock(
             key, [&] { told("Waiting for another process that installs the same"); }, proceed));
  if (auto found = open(key)) return *std::move(found);

  WL_TRY(const std::string program,
         runner::find_program(python, runner::value_of(environment(), "PATH")));
  const fs::path folder = options_.folder / (key + "." + random_hex(8));
  WL_TRY_VOID(make_folder(folder, account ? 0755 : 0700));
  const auto hold = sources::hold_folder(folder);
  const Build build{wanted, program, folder, folder / ".files", account, told, proceed};
  Result<void> made = copy_files(wanted, files, build.files);
  if (made.ok()) made = install(build);
  if (made.ok()) {
    // What is linked to must be there after a crash of the machine too.
    ::syncfs(open_folder(folder).get());
    const fs::path link = options_.folder / (".new-" + random_hex(8));
    if (::symlink(folder.filename().c_str(), link.c_str()) != 0 ||
        ::rename(link.c_str(), (options_.folder / key).c_str()) != 0) {
      made = file_error("Cannot make the link", options_.folder / key);
      ::unlink(link.c_str());
    }
  }
  if (!made.ok()) {
    sources::put_away(folder);
    return made.error();
  }
  return VirtualEnvironment{(folder / "bin" / "python").string(), hold};
}

/// The interpreter's own venv and pip; whose code is in the packages runs with the rights of jobs.
Result<void> VirtualEnvironments::install(const Build& build) const {
  if (build.account) WL_TRY_VOID(give(build.folder, build.account->user, build.account->group));
  WL_TRY_VOID(run(build, {build.program, "-I", "-m", "venv", build.folder.string()}));
  WL_TRY_VOID(run(build, {(build.folder / "bin" / "python").string(), "-I", "-m", "pip", "install",
                          "--disable-pip-version-check", "--no-input", "--no-color",
                          "--progress-bar", "off", "-r", std::string(kRequirements)}));
  if (build.account) WL_TRY_VOID(give(build.folder, ::geteuid(), ::getegid()));
  std::error_code failure;
  fs::remove_all(build.files, failure);
  return ok();
}

Result<void> VirtualEnvironments::run(const Build& build, std::vector<std::string> command) const {
  std::string last, problem;
  const auto hear = [&](std::string_view line) {
    std::string shown = sanitiser_.clean(line);
    last = shown;
    if (problem.empty() && (shown.starts_with("ERROR") || shown.starts_with("error:")))
      problem = shown;
    build.told(std::move(shown));
  };
  std::vector<std::string> variables = environment();
  if (build.account) runner::set_value(variables, "HOME", build.account->home);
  WL_TRY(const runner::ToolEnd end,
         runner::run_tool({std::move(command), std::move(variables), build.files.string(),
                           build.account, options_.time_limit},
                          hear, build.proceed));
  if (end.how == runner::ToolEnd::How::kStopped) return cancelled();
  if (end.succeeded()) return ok();
  const std::string why =
      end.how == runner::ToolEnd::How::kTimedOut
          ? fmt::format("it took longer than {:g} seconds",
                        std::chrono::duration<double>(options_.time_limit).count())
      : !problem.empty() ? problem
      : !last.empty()    ? last
                         : runner::status_text(end.wait_status);
  return Error{"git.requirements",
               fmt::format("What {} requires cannot be installed: {}", build.wanted.file, why)};
}

// removing ----------------------------------------------------------------------------------------

void VirtualEnvironments::prune() {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(options_.folder, failure)) {
    const std::string name = entry.path().filename();
    const std::string key = name.substr(0, name.find('.'));
    if (name.starts_with(".old-")) sources::put_away(entry.path());
    if (!is_key(key) || name == key || !entry.is_directory() || entry.is_symlink()) continue;
    const UniqueFd folder = open_folder(entry.path());
    if (!folder || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) continue;
    // Not while one of that key is being made, which is not held from its first moment.
    const auto locked = lock(
        key, [] {}, [] { return false; });
    if (!locked.ok()) continue;
    if (fs::read_symlink(options_.folder / key, failure) == name)
      fs::remove(options_.folder / key, failure);
    sources::put_away(entry.path());
    fs::remove(options_.folder / (key + ".lock"), failure);
    log::info("A virtual environment that nothing uses was removed", {{"folder", name}});
  }
}

}  // namespace windlass::engine
