#include "engine/native_toolchain.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "engine/import_errors.h"
#include "runner/environment.h"
#include "runner/load.h"
#include "runner/tool.h"

namespace windlass::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostOutput = 64 << 10;
constexpr Micros kIdentityLimit = std::chrono::seconds(30);
constexpr const char* kLibrary = "module.so";
constexpr const char* kHeader = "jobs.hpp";
/// What a file is compiled with; a precompiled header serves with the same flags only.
constexpr std::array<const char*, 8> kFlags = {
    "-std=c++20", "-fvisibility=hidden",     "-O2",   "-g1",
    "-fPIC",      "-fno-omit-frame-pointer", "-Wall", "-fdiagnostics-color=never"};

Error stopped() {
  return {"native.stopped", "The compilation was given up."};
}

std::string stamp_of(const std::string& program) {
  struct stat found {};
  if (::stat(program.c_str(), &found) != 0) return program;
  return fmt::format("{} {} {} {}", program, found.st_ino, found.st_mtim.tv_sec,
                     found.st_mtim.tv_nsec);
}

void replace_all(std::string* text, const std::string& what, const std::string& with) {
  if (what.empty()) return;
  for (std::size_t at = 0; (at = text->find(what, at)) != std::string::npos; at += with.size())
    text->replace(at, what.size(), with);
}

bool uses_clang(const std::string& identity) {
  return identity.find("clang") != std::string::npos;
}

/// The shared library that a project made for its module: the only one, or that of its name.
std::vector<fs::path> libraries_in(const fs::path& folder, const std::string& name) {
  std::vector<fs::path> all;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string file = entry.path().filename();
    if (!file.ends_with(".so")) continue;
    if (file == name + ".so" || file == "lib" + name + ".so") return {entry.path()};
    all.push_back(entry.path());
  }
  return all;
}

}  // namespace

/// One compilation: its programs, and what they say.
class NativeToolchain::Build {
 public:
  Build(const NativeToolchain& tools, const sources::SourceVersion& version, fs::path folder,
        std::optional<runner::Account> account, const std::function<bool()>& proceed)
      : tools_(tools),
        version_(version),
        folder_(std::move(folder)),
        account_(std::move(account)),
        proceed_(proceed) {}

  /// Nothing when the program succeeded.
  Result<std::optional<CompileProblem>> run(std::vector<std::string> command,
                                            const fs::path& where) {
    std::vector<std::string> variables = tools_.environment();
    runner::set_value(variables, "TMPDIR", folder_.string());
    runner::set_value(variables, "LC_ALL", "C.UTF-8");  // its words are looked through
    if (account_) runner::set_value(variables, "HOME", account_->home);
    const std::string program = command.front();
    WL_TRY(const runner::ToolEnd end, runner::run_tool(
                                          {std::move(command), std::move(variables), where.string(),
                                           account_, tools_.options_.time_limit},
                                          [this](std::string_view line) { hear(line); }, proceed_));
    if (end.how == runner::ToolEnd::How::kStopped) return stopped();
    if (end.succeeded()) return std::optional<CompileProblem>();
    CompileProblem problem{first_error_, std::move(output_)};
    if (end.how == runner::ToolEnd::How::kTimedOut) {
      problem.message =
          fmt::format("The compilation took longer than {:g} seconds and was ended.",
                      std::chrono::duration<double>(tools_.options_.time_limit).count());
      problem.timed_out = true;
    } else if (problem.message.empty()) {
      problem.message = fmt::format("{} failed: {}.", fs::path(program).filename().string(),
                                    runner::status_text(end.wait_status));
    }
    return std::optional(std::move(problem));
  }

 private:
  void hear(std::string_view line) {
    std::string shown = tools_.sanitiser_.clean(to_valid_utf8(line));
    replace_all(&shown, version_.path.string(), version_.root.string());
    if (first_error_.empty() && is_compile_error(shown)) first_error_ = shown;
    if (output_.size() < kMostOutput) {
      output_ += shown + "\n";
      if (output_.size() >= kMostOutput) output_ += "…\n";
    }
  }

  const NativeToolchain& tools_;
  const sources::SourceVersion& version_;
  const fs::path folder_;
  const std::optional<runner::Account> account_;
  const std::function<bool()>& proceed_;
  std::string output_;
  std::string first_error_;
};

NativeToolchain::NativeToolchain(const NativeOptions& options, const Sanitiser& sanitiser)
    : options_(options),
      sanitiser_(sanitiser),
      headers_(options.folder, [](const fs::path& folder) {
        std::error_code failure;
        return fs::exists(folder / (std::string(kHeader) + ".gch"), failure);
      }) {}

std::vector<std::string> NativeToolchain::environment() const {
  return runner::runner_environment(environ, options_.job_environment, options_.instance);
}

Result<std::string> NativeToolchain::compiler() const {
  auto found = runner::find_program(options_.compiler, runner::value_of(environment(), "PATH"));
  if (found.ok()) return found;
  return Error{"native.compiler",
               fmt::format("Modules in C++ are compiled on this machine, and there is no compiler "
                           "{}. Install one (on Debian the package g++), or name it in the setting "
                           "compiler.",
                           options_.compiler)};
}

Result<std::string> NativeToolchain::identity() {
  WL_TRY(const std::string program, compiler());
  const std::string stamp = stamp_of(program);
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = identities_.find(stamp); known != identities_.end())
      return known->second;
  }
  std::string said;
  WL_TRY(
      const runner::ToolEnd end,
      runner::run_tool(
          {{program, "--version"}, environment(), "", {}, kIdentityLimit},
          [&](std::string_view line) { said += std::string(line) + "\n"; }, [] { return true; }));
  if (!end.succeeded()) {
    return Error{"native.compiler", fmt::format("The compiler {} cannot be used. It said: {}",
                                                program, sanitiser_.clean(said))};
  }
  // The headers lie in a folder that is named by their content.
  said += program + "\n" + options_.sdk.string() + "\n" + fmt::format("{}", fmt::join(kFlags, " "));
  const std::lock_guard lock(mutex_);
  return identities_[stamp] = said;
}

Result<std::optional<runner::Account>> NativeToolchain::account() const {
  if (options_.job_user.empty()) return std::optional<runner::Account>();
  WL_TRY(runner::Account account, runner::find_account(options_.job_user));
  if (account.user == ::geteuid()) return std::optional<runner::Account>();
  return std::optional(std::move(account));
}

std::vector<std::string> NativeToolchain::command_with_flags(std::string program,
                                                             const std::string& identity) const {
  std::vector<std::string> command{std::move(program)};
  command.insert(command.end(), kFlags.begin(), kFlags.end());
  command.push_back("-I" + (options_.sdk / "include").string());
  // What is unique to the process keeps a library from being unloaded.
  if (!uses_clang(identity)) command.emplace_back("-fno-gnu-unique");
  return command;
}

/// A header that includes the SDK's, and its precompiled form beside it.
Result<void> NativeToolchain::precompile(const fs::path& folder,
                                         const std::optional<runner::Account>& account,
                                         const std::function<bool()>& proceed) {
  const fs::path header = folder / kHeader;
  WL_TRY_VOID(replace_file(header, "#include <windlass/jobs.hpp>\n", 0644));
  if (account) WL_TRY_VOID(give_folder(folder, account->user, account->group));
  WL_TRY(std::string program, compiler());
  WL_TRY(const std::string identity, this->identity());
  std::vector<std::string> command = command_with_flags(std::move(program), identity);
  for (std::string each : {std::string("-x"), std::string("c++-header"), header.string(),
                           std::string("-o"), header.string() + ".gch"})
    command.push_back(std::move(each));
  const sources::SourceVersion none;
  Build build(*this, none, folder, account, proceed);
  WL_TRY(const auto problem, build.run(std::move(command), folder));
  if (problem) return Error{"native.compiler", problem->message, problem->output};
  return ok();
}

Result<fs::path> NativeToolchain::precompiled(const std::function<bool()>& proceed) {
  WL_TRY(const std::string identity, this->identity());
  // Clang names precompiled headers on its command line, and finds none beside a header.
  if (uses_clang(identity)) return fs::path();
  WL_TRY(const auto account, this->account());
  const std::string key = KeyedFolders::key_of("header\n" + options_.job_user + "\n" + identity);
  auto found = headers_.open(key);
  if (!found) {
    WL_TRY(found,
           headers_.make(
               key, account, [] {}, proceed, stopped(),
               [&](const fs::path& folder) { return precompile(folder, account, proceed); }));
  }
  return found->path / kHeader;
}

Result<std::optional<CompileProblem>> NativeToolchain::compile(
    const sources::SourceVersion& version, const sources::SourceModule& module,
    const fs::path& folder, const std::function<bool()>& proceed) {
  WL_TRY(const auto account, this->account());
  if (account) WL_TRY_VOID(give_folder(folder, account->user, account->group));
  Build build(*this, version, folder, account, proceed);
  if (module.kind == sources::ModuleKind::kCpp) {
    WL_TRY(std::string program, compiler());
    WL_TRY(const std::string identity, this->identity());
    std::vector<std::string> command = command_with_flags(std::move(program), identity);
    // Without it the file is compiled all the same, and slower.
    const auto header = precompiled(proceed);
    if (!header.ok() && header.error().code == "native.stopped") return header.error();
    if (header.ok() && !header->empty()) {
      command.push_back("-include");
      command.push_back(header->string());
    }
    for (std::string each :
         {std::string("-shared"),
          "-fdebug-prefix-map=" + version.path.string() + "=" + version.root.string(),
          std::string("-o"), (folder / kLibrary).string(), module.path})
      command.push_back(std::move(each));
    return build.run(std::move(command), version.path);
  }
  const std::string path = runner::value_of(environment(), "PATH");
  const auto cmake = runner::find_program("cmake", path);
  if (!cmake.ok()) {
    return Error{"native.compiler", fmt::format("{} is a CMake project, and there is no cmake on "
                                                "this machine. Install it.",
                                                module.path)};
  }
  WL_TRY(const std::string program, compiler());
  const fs::path out = folder / "out";
  WL_TRY(
      auto problem,
      build.run({*cmake, "-S", (version.path / module.path).string(), "-B",
                 (folder / "build").string(), "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                 "-DCMAKE_CXX_COMPILER=" + program, "-DCMAKE_PREFIX_PATH=" + options_.sdk.string(),
                 "-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=" + out.string(),
                 "-DCMAKE_BUILD_RPATH_USE_ORIGIN=ON", "-DCMAKE_BUILD_RPATH=$ORIGIN"},
                folder));
  if (!problem) {
    WL_TRY(problem,
           build.run({*cmake, "--build", (folder / "build").string(), "--parallel"}, folder));
  }
  if (problem) return problem;
  const std::string name = fs::path(module.path).filename();
  const std::vector<fs::path> made = libraries_in(out, name);
  if (made.size() != 1) {
    return std::optional(CompileProblem{
        fmt::format("{}/CMakeLists.txt makes {} shared libraries, and one is the module. Add "
                    "add_library({} MODULE …).",
                    module.path, made.empty() ? "no" : "several", name),
        ""});
  }
  // Beside the others, which it may need.
  std::error_code failure;
  fs::create_symlink(fs::path("out") / made.front().filename(), folder / kLibrary, failure);
  if (failure) return file_error("Cannot make the link", folder / kLibrary);
  fs::remove_all(folder / "build", failure);
  return std::optional<CompileProblem>();
}

}  // namespace windlass::engine
