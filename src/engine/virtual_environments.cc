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

std::string stamp_of(const std::string& program) {
  struct stat found {};
  if (::stat(program.c_str(), &found) != 0) return program;
  return fmt::format("{} {} {} {}", program, found.st_ino, found.st_mtim.tv_sec,
                     found.st_mtim.tv_nsec);
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
    : options_(std::move(options)),
      sanitiser_(sanitiser),
      folders_(options_.folder, [](const fs::path& folder) {
        // The interpreter that it was made with may be gone.
        std::error_code failure;
        return fs::exists(folder / "bin" / "python", failure);
      }) {}

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
  return KeyedFolders::key_of(identity + "\n" + options_.job_user + "\n" + wanted.key);
}

std::optional<VirtualEnvironment> VirtualEnvironments::open(const std::string& key) const {
  const auto folder = folders_.open(key);
  if (!folder) return std::nullopt;
  return VirtualEnvironment{(folder->path / "bin" / "python").string(), folder->hold};
}

Result<VirtualEnvironment> VirtualEnvironments::find(const sources::Requirements& wanted,
                                                     const std::string& python) {
  WL_TRY(const std::string key, key_of(wanted, python));
  if (auto found = open(key)) return *std::move(found);
  return Error{"git.not_here", fmt::format("what {} requires is not installed", wanted.file)};
}

// making one --------------------------------------------------------------------------------------

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
  WL_TRY(const std::string program,
         runner::find_program(python, runner::value_of(environment(), "PATH")));
  WL_TRY(const KeyedFolder made,
         folders_.make(
             key, account, [&] { told("Waiting for another process that installs the same"); },
             proceed, cancelled(),
             [&](const fs::path& folder) -> Result<void> {
               const Build build{wanted,  program, folder, folder / ".files",
                                 account, told,    proceed};
               WL_TRY_VOID(copy_files(wanted, files, build.files));
               if (account) WL_TRY_VOID(give_folder(folder, account->user, account->group));
               return install(build);
             }));
  return VirtualEnvironment{(made.path / "bin" / "python").string(), made.hold};
}

/// The interpreter's own venv and pip; whose code is in the packages runs with the rights of jobs.
Result<void> VirtualEnvironments::install(const Build& build) const {
  WL_TRY_VOID(run(build, {build.program, "-I", "-m", "venv", build.folder.string()}));
  WL_TRY_VOID(run(build, {(build.folder / "bin" / "python").string(), "-I", "-m", "pip", "install",
                          "--disable-pip-version-check", "--no-input", "--no-color",
                          "--progress-bar", "off", "-r", std::string(kRequirements)}));
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
  folders_.prune(Micros(0), [](const std::string& name) {
    log::info("A virtual environment that nothing uses was removed", {{"folder", name}});
  });
}

}  // namespace windlass::engine
