#include "cli/code_check.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <future>
#include <memory>
#include <tuple>

#include "base/files.h"
#include "base/process.h"
#include "cli/job_runtime.h"
#include "embedded/sdk.h"
#include "engine/code_set.h"
#include "model/declaration.h"
#include "sources/jobs_root.h"
#include "sources/reading.h"

namespace windlass::cli {

namespace fs = std::filesystem;

namespace {

/// What is looked at: a folder that is a JOBS_ROOT, and one module of it or all; or a folder with
/// the files of a Git repository, which `root` and `module` lead to.
struct Subject {
  fs::path root;
  std::string module;  ///< "" for all
  bool is_repository = false;
};

bool is_package(const fs::path& folder) {
  std::error_code failure;
  return fs::is_regular_file(folder / "__init__.py", failure);
}

/// Whether an outermost package has jobs in the place where a Git repository has them.
bool is_repository(const fs::path& folder) {
  std::error_code failure;
  return is_package(folder) &&
         (fs::is_regular_file(folder / "jobs.py", failure) || is_package(folder / "jobs"));
}

Result<Subject> subject_at(const fs::path& path) {
  std::error_code failure;
  const fs::path whole = fs::canonical(path, failure);
  if (failure) {
    return Error{"cli.nothing_to_check", path.string() +
                                             " cannot be found; name a Python file or "
                                             "a folder of them."};
  }
  if (fs::is_directory(whole, failure) && !is_package(whole)) {
    const bool project = fs::is_regular_file(whole / "CMakeLists.txt", failure);
    return project ? Subject{whole.parent_path(), whole.filename()} : Subject{whole, ""};
  }
  if (whole.extension() == ".cpp" || whole.extension() == ".so")
    return Subject{whole.parent_path(), whole.stem()};
  if (!fs::is_directory(whole, failure) && whole.extension() != ".py") {
    return Error{
        "cli.nothing_to_check",
        path.string() + " is no Python or C++ file; name a .py or .cpp file or a folder of them."};
  }
  // What is imported is the outermost package around it.
  fs::path module = whole;
  while (is_package(module.parent_path())) module = module.parent_path();
  const fs::path name = fs::is_directory(module, failure) ? module.filename() : module.stem();
  return Subject{module.parent_path(), name.string(), is_repository(module)};
}

/// The first answer that is given; any thread. Outlives load(): signals come at any time.
class Answer {
 public:
  void tell(Result<runner::Manifest> manifest) {
    if (!told_.test_and_set()) promise_.set_value(std::move(manifest));
  }
  Result<runner::Manifest> wait() { return promise_.get_future().get(); }

 private:
  std::promise<Result<runner::Manifest>> promise_;
  std::atomic_flag told_;
};

/// The modules of a repository, whose folder `slug` is in the version.
Result<std::vector<sources::SourceModule>> modules_of_repository(
    const sources::SourceVersion& version, const std::string& slug) {
  WL_TRY(const sources::Scan scan, sources::scan_folder(version.path, slug));
  std::vector<std::string> warnings;
  std::vector<sources::SourceModule> modules = sources::native_modules_of(
      sources::tree_of_stamps(scan), slug + "/jobs", slug + ".jobs.", &warnings);
  std::error_code failure;
  if (is_repository(version.path / slug))
    modules.insert(modules.begin(), {slug + ".jobs", slug, ""});
  return modules;
}

/// Compiles and imports a version and waits for what it declares, or for a signal to stop: then
/// what was made for the check, in `elsewhere`, is taken away all the same.
Result<runner::Manifest> load(const Settings& settings, const SdkFolders& sdk,
                              const fs::path& elsewhere, engine::SourceCode code,
                              StopSignals& signals) {
  const auto answer = std::make_shared<Answer>();
  const auto stopped = std::make_shared<std::atomic_bool>(false);
  const std::string instance = instance_marker(new_id(SystemClock().now()));
  signals.watch([answer, stopped] {
    *stopped = true;
    answer->tell(Error{"runner.stopped", "The check was stopped."});
  });
  const Sanitiser sanitiser = Sanitiser::standard();
  const SystemClock clock;
  engine::NativeBuilds native(native_options(settings, sdk, elsewhere, instance), sanitiser, clock);
  native.wait(code.version, [&] { return !*stopped; });
  native.resolve(code, nullptr);
  engine::CodeSet set;
  set.put(std::move(code));
  runner::VersionSpec spec = set.spec();
  spec.check = true;

  EventLoop loop("windlass-check");
  runner::Pool pool(pool_options(settings, sdk, instance), loop, clock);
  loop.post([&] {
    pool.load(spec, [answer](Result<runner::Manifest> loaded) { answer->tell(std::move(loaded)); });
  });
  auto manifest = answer->wait();
  pool.stop();
  return manifest;
}

/// The last line of a traceback that names one of the files that are checked: `  File "…", line 7`.
void place_in(const std::string& traceback, const fs::path& root, Finding* finding) {
  const std::string begin = "File \"" + root.string() + "/";
  const std::size_t at = traceback.rfind(begin);
  if (at == std::string::npos) return;
  const std::size_t name = at + 6;
  const std::size_t end = traceback.find("\", line ", name);
  if (end == std::string::npos) return;
  const char* number = traceback.c_str() + end + 8;
  std::int64_t line = 0;
  if (std::from_chars(number, traceback.c_str() + traceback.size(), line).ec != std::errc{}) return;
  finding->file = traceback.substr(name, end - name);
  finding->line = line;
}

Finding import_failure(const json::value& module, const json::value& error, const fs::path& root) {
  Finding finding{get_string(module, "file_path"),
                  0,
                  "import.failed",
                  get_string(error, "type") + ": " + get_string(error, "message"),
                  "",
                  get_string(error, "traceback")};
  place_in(finding.traceback, root, &finding);
  return finding;
}

const json::array& list_of(const json::value& value, std::string_view member) {
  static const json::array empty;
  const json::value* list = find(value, member);
  return list != nullptr && list->is_array() ? list->get_array() : empty;
}

/// What the rules of inputs find wrong with the variables of a class.
void add_mistakes_of(const json::value& declared, std::vector<Finding>* findings) {
  for (const json::value& variable : list_of(declared, "variables")) {
    for (std::string& mistake : declaration_mistakes(Variable(variable))) {
      findings->push_back({get_string(declared, "file_path"), get_int(declared, "line"),
                           "variable.rules", std::move(mistake), get_string(declared, "class_path"),
                           ""});
    }
  }
}

CodeCheck read_manifest(const json::value& manifest, const fs::path& root) {
  CodeCheck check;
  for (const json::value& module : list_of(manifest, "modules")) {
    ++check.modules;
    for (const json::value& declared : list_of(module, "classes")) {
      ++check.jobs;
      add_mistakes_of(declared, &check.findings);
    }
    const json::value* error = find(module, "error");
    if (error != nullptr && error->is_object())
      check.findings.push_back(import_failure(module, *error, root));
  }
  for (const json::value& warning : list_of(manifest, "warnings")) {
    check.findings.push_back({get_string(warning, "file_path"), get_int(warning, "line"),
                              get_string(warning, "code"), get_string(warning, "message"),
                              get_string(warning, "class_path"), ""});
  }
  return check;
}

/// Of one module's check, only what is in the module's own files.
void keep_those_of(const fs::path& module, std::vector<Finding>* findings) {
  const std::string beneath = module.string() + "/";
  std::erase_if(*findings, [&](const Finding& finding) {
    return finding.code != "import.failed" && finding.file != module.string() &&
           !finding.file.starts_with(beneath);
  });
}

}  // namespace

Result<CodeCheck> check_code(const Settings& settings, const fs::path& path, StopSignals& signals) {
  WL_TRY(const Subject subject, subject_at(path));
  WL_TRY(const TemporaryFolder elsewhere, TemporaryFolder::make());
  sources::JobsRoot root({.root = subject.root,
                          .home = elsewhere.path(),
                          .copy_limit = static_cast<std::size_t>(settings.sources_copy_limit)});
  WL_TRY(const sources::SourceVersion version, root.snapshot());
  engine::SourceCode code{"jobs_root", "jobs_root", "", version};
  if (subject.is_repository) {
    code.kind = "git";
    code.name = "git:" + subject.module;
    WL_TRY(code.version.modules, modules_of_repository(version, subject.module));
  }
  const bool whole = subject.module.empty();
  if (!whole && !subject.is_repository) {
    std::erase_if(code.version.modules,
                  [&](const auto& module) { return module.name != subject.module; });
  }
  if (code.version.modules.empty() && (!whole || version.warnings.empty())) {
    return Error{"cli.nothing_to_check",
                 whole ? path.string() + " holds no Python or C++ file that could be imported."
                       : path.string() +
                             " cannot be imported: rename it with letters, digits and "
                             "underscores, none of them a digit at the beginning."};
  }
  const fs::path only =
      code.version.modules.empty() ? fs::path() : version.root / code.version.modules.front().path;
  WL_TRY(const SdkFolders sdk, unpack_sdk(elsewhere.path() / "sdk"));
  WL_TRY(const runner::Manifest manifest,
         load(settings, sdk, elsewhere.path(), std::move(code), signals));
  CodeCheck check = read_manifest(manifest.frame, version.root);
  if (!whole) keep_those_of(only, &check.findings);
  if (whole) {
    for (const std::string& warning : version.warnings)
      check.findings.push_back({version.root.string(), 0, "source.left_out", warning, "", ""});
  }
  std::ranges::sort(check.findings, {}, [](const Finding& finding) {
    return std::tie(finding.file, finding.line, finding.code, finding.message);
  });
  return check;
}

}  // namespace windlass::cli
