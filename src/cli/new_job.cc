#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/program.h"
#include "base/text.h"
#include "cli/code_check.h"
#include "cli/commands.h"
#include "cli/starter_files.h"

namespace windlass::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestName = 100;

/// "My Report", "my-report" and "MyReport" are the words My and Report.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool begins = true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (std::isalnum(c) == 0) {
      begins = true;
      continue;
    }
    const bool hump =
        i > 0 && std::isupper(c) != 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    if (begins || hump) words.emplace_back();
    words.back() += static_cast<char>(c);
    begins = false;
  }
  return words;
}

bool is_fit(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) return false;
  if (std::isalpha(static_cast<unsigned char>(name.front())) == 0) return false;
  return std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == ' ' || c == '-' || c == '_';
  });
}

std::string with_capital(std::string word) {
  word.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(word.front())));
  return word;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// A job that `jobs new` can make.
struct Starter {
  std::string module;
  std::string file;  ///< its name
  std::string class_name;
  std::string text;
};

Result<Starter> starter_for(const std::string& name, bool cpp) {
  if (!is_fit(name)) {
    return Error{"cli.job_name", "\"" + to_valid_utf8(name) +
                                     "\" cannot name a job: use letters, digits, blanks, - and _, "
                                     "with a letter first, 100 at most."};
  }
  Starter starter;
  std::string shown;
  for (const std::string& word : words_of(name)) {
    starter.module += (starter.module.empty() ? "" : "_") + to_lower(word);
    starter.class_name += with_capital(word);
    shown += (shown.empty() ? "" : " ") + with_capital(word);
  }
  starter.file = starter.module + (cpp ? ".cpp" : ".py");
  starter.text = replaced(
      replaced(std::string(cpp ? kCppStarter : kPythonStarter), "%CLASS%", starter.class_name),
      "%NAME%", shown);
  return starter;
}

/// Imports the file as it would be imported: a name that is taken by something installed shows, and
/// for C++ a compiler that is missing.
Result<void> try_out(const Settings& settings, const Starter& starter) {
  StopSignals signals;  // before any thread
  WL_TRY(const TemporaryFolder folder, TemporaryFolder::make());
  const fs::path file = folder.path() / starter.file;
  WL_TRY_VOID(write_new_file(file, starter.text, 0600, Durable::kNo));
  WL_TRY(const CodeCheck check, check_code(settings, file, signals));
  if (check.findings.empty()) return ok();
  const std::string& why = check.findings.front().message;
  if (starter.file.ends_with(".cpp"))
    return Error{"cli.job_name", "A job of this name cannot be compiled and loaded: " + why};
  return Error{"cli.job_name", "Choose another name: " + why};
}

Result<fs::path> write_starter(const Settings& settings, const Starter& starter) {
  const fs::path root = settings.in_home(settings.jobs_root);
  const fs::path file = root / starter.file;
  std::error_code failure;
  // Each of them would be the module of that name.
  for (const char* ending : {".py", ".cpp", ".so", ""}) {
    const fs::path taken = root / (starter.module + ending);
    if (fs::exists(fs::symlink_status(taken, failure))) {
      return Error{"cli.file_exists",
                   taken.string() + " is there already and stays as it is; choose another name."};
    }
  }
  WL_TRY_VOID(try_out(settings, starter));
  WL_TRY_VOID(make_folder(root));
  WL_TRY_VOID(write_new_file(file, starter.text, 0644));
  return file;
}

}  // namespace

int new_job(const LoadedSettings& loaded, const JobsOptions& options) {
  const auto starter = starter_for(options.name, options.cpp);
  if (!starter.ok()) return refuse(starter.error());
  const auto file = write_starter(loaded.settings, *starter);
  if (!file.ok()) return refuse(file.error());
  const std::string class_path = starter->module + "." + starter->class_name;
  fmt::print(
      "Wrote {}\n\nNext:\n"
      "  {}    runs it here, with no server\n"
      "  {}    tells what is wrong after a change\n"
      "  {}    serves it; then, once: {}\n",
      file->string(), program::command("runjob --local " + class_path),
      program::command("jobs check " + program::shell_word(file->string())),
      program::command("start"), program::command("jobs enable " + class_path));
  return kOk;
}

}  // namespace windlass::cli
