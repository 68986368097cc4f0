#include "config/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/pattern.h"
#include "base/program.h"
#include "base/text.h"
#include "config/toml_file.h"

namespace windlass {

namespace fs = std::filesystem;

const std::vector<Setting>& setting_list() {
  using S = Settings;
  using K = SettingKind;
  static const std::vector<Setting> list{
      {"database", K::kText, &S::database,
       "Where records are kept: sqlite:FILE, relative to the home."},
      {"jobs_root", K::kText, &S::jobs_root, "Folder of job files, relative to the home."},
      {"listen", K::kText, &S::listen, "HOST:PORT to serve on; port 0 takes a free one."},
      {"base_url", K::kUrl, &S::base_url,
       "URL under which clients reach Windlass, such as https://jobs.example.org behind a proxy; "
       "empty: http and the request's Host header."},
      {"workers", K::kCount, &S::workers, "Runs at a time; 0: one a processor."},
      {"queues", K::kList, &S::queues, "Queues that start and worker serve; * is all."},
      {"default_queue", K::kText, &S::default_queue, "Queue of jobs that name none."},
      {"python", K::kText, &S::python, "Interpreter of Python jobs: a name on PATH or a path."},
      {"compiler", K::kText, &S::compiler,
       "Compiler of jobs in C++: a name on PATH or a path; GCC 11 or Clang 14, or later."},
      {"apps",
       K::kList,
       &S::apps,
       "Installed Python packages that bring jobs, and absolute paths of shared libraries with "
       "jobs "
       "in C++.",
       {},
       0,
       R"(^([A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*|/(.*/)?[A-Za-z_][A-Za-z0-9_]*\.so)$)",
       "a list of Python packages, such as my_app, or paths of libraries, such as "
       "/opt/jobs/net.so"},
      {"pythons",
       K::kList,
       &S::pythons,
       "Interpreters of single sources, as SOURCE=INTERPRETER: app:my_app=/opt/venv/bin/python, "
       "git:netjobs=python3.12.",
       {},
       0,
       R"(^(app|git):[A-Za-z_][A-Za-z0-9_.]*=[^-\s].*$)",
       "a list of SOURCE=INTERPRETER, such as git:netjobs=/opt/venv/bin/python"},
      {"isolation",
       K::kText,
       &S::isolation,
       "process: a fresh child a run; reuse: a child serves runs_per_child runs.",
       {"process", "reuse"}},
      {"runs_per_child",
       K::kCount,
       &S::runs_per_child,
       "Runs that a child serves where isolation is reuse.",
       {},
       1},
      {"spare_children", K::kCount, &S::spare_children, "Children kept ready for the next runs."},
      {"soft_time_limit", K::kSeconds, &S::soft_time_limit,
       "Seconds after which a run is asked to stop, for jobs that set none."},
      {"time_limit", K::kSeconds, &S::time_limit,
       "Seconds after which a run is killed, for jobs that set none."},
      {"cancel_grace", K::kSeconds, &S::cancel_grace,
       "Seconds between asking a run to stop and killing it."},
      {"drain_timeout", K::kSeconds, &S::drain_timeout,
       "Seconds that runs may go on after SIGTERM."},
      {"import_timeout", K::kSeconds, &S::import_timeout,
       "Seconds that one module may take to import."},
      {"memory_limit", K::kBytes, &S::memory_limit,
       "Memory of a run and what it starts, in bytes; 0: no limit."},
      {"log_entry_limit",
       K::kCount,
       &S::log_entry_limit,
       "Log and console entries kept of one run.",
       {},
       1},
      {"log_byte_limit",
       K::kBytes,
       &S::log_byte_limit,
       "Bytes of log and console text kept of one run.",
       {},
       1},
      {"job_create_file_max_size", K::kBytes, &S::job_create_file_max_size,
       "Largest file that a job may create, in bytes."},
      {"sources_copy_limit", K::kBytes, &S::sources_copy_limit,
       "A jobs_root larger than this many bytes is used in place, not copied a version."},
      {"request_body_limit",
       K::kBytes,
       &S::request_body_limit,
       "Largest request body, in bytes.",
       {},
       1024},
      {"session_lifetime", K::kSeconds, &S::session_lifetime,
       "Seconds after which who signed in by the page has to sign in again."},
      {"git_file_roots", K::kList, &S::git_file_roots,
       "Folders beneath which Git repositories may be fetched by file URLs; * is the whole "
       "machine, "
       "none is no folder. Empty: * for start on a loopback address, else none."},
      {"git_known_hosts", K::kText, &S::git_known_hosts,
       "Host keys that repositories fetched by ssh may have, as ssh keeps them; relative to the "
       "home."},
      {"git_requirements",
       K::kText,
       &S::git_requirements,
       "yes: make a virtual environment of the requirements.txt or pyproject.toml of a Git "
       "repository.",
       {"no", "yes"}},
      {"git_timeout", K::kSeconds, &S::git_timeout,
       "Seconds that the remote of a Git repository may keep silent."},
      {"git_size_limit",
       K::kBytes,
       &S::git_size_limit,
       "Largest commit of a Git repository, its files in bytes.",
       {},
       1},
      {"secret_key_file", K::kText, &S::secret_key_file,
       "Key that seals sensitive inputs, relative to the home; made when absent."},
      {"job_user", K::kText, &S::job_user,
       "Account that runs job code; empty: Windlass' own. Needs root."},
      {"job_environment", K::kList, &S::job_environment,
       "Names of environment variables that jobs may see besides the usual ones."},
      {"sanitiser_patterns", K::kLines, &S::sanitiser_patterns,
       "What to take out of logs, output and results besides passwords and tokens; a list, one "
       "item "
       "a line outside of this file: REGEX, or REGEX => REPLACEMENT."},
      {"log_level",
       K::kText,
       &S::log_level,
       "Least level of Windlass' own log.",
       {"debug", "info", "warning", "error"}},
      {"log_format", K::kText, &S::log_format, "Form of Windlass' own log.", {"text", "json"}},
  };
  return list;
}

fs::path Settings::in_home(const std::string& path) const {
  return fs::path(path).is_absolute() ? fs::path(path) : home / path;
}

std::string Settings::python_of(std::string_view source) const {
  for (const std::string_view item : pythons) {
    const auto equals = item.find('=');
    if (item.substr(0, equals) == source) return std::string(item.substr(equals + 1));
  }
  return "";
}

std::vector<fs::path> Settings::git_file_folders(bool trusted) const {
  std::vector<fs::path> folders;
  if (git_file_roots.empty() && trusted) folders.emplace_back("/");
  for (const std::string& root : git_file_roots) {
    if (root == "none") continue;
    folders.push_back(root == "*" ? fs::path("/") : in_home(root).lexically_normal());
  }
  return folders;
}

fs::path Settings::git_known_hosts_file() const {
  const char* account = std::getenv("HOME");
  if (git_known_hosts.starts_with("~/") && account != nullptr)
    return fs::path(account) / git_known_hosts.substr(2);
  return in_home(git_known_hosts);
}

namespace {

Error invalid(const Setting& setting, std::string_view text, std::string_view origin,
              std::string_view wanted) {
  return {"settings.invalid",
          fmt::format("{}: {} = \"{}\" is not {}.", origin, setting.name, text, wanted)};
}

Result<std::int64_t> parse_count(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size())
    return Error{"settings.invalid", ""};
  return value;
}

Result<std::int64_t> parse_bytes(std::string_view text) {
  static constexpr std::pair<std::string_view, int> kUnits[] = {
      {"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
  int shift = 0;
  for (const auto& [unit, bits] : kUnits) {
    if (text.ends_with(unit)) {
      text = strip(text.substr(0, text.size() - unit.size()));
      shift = bits;
      break;
    }
  }
  WL_TRY(const std::int64_t value, parse_count(text));
  if (value > (std::int64_t{1} << 62) >> shift) return Error{"settings.invalid", ""};
  return value << shift;
}

Result<double> parse_seconds(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) ||
      value < 0 || value > 1e9) {
    return Error{"settings.invalid", ""};
  }
  return value;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

bool is_base_url(std::string_view text) {
  static const Pattern url =
      Pattern::compile(
          R"(^https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?(/[a-z0-9._~%-]+)*$)", true)
          .value();
  return url.matches(text).value_or(false);
}

bool has_item_form(const Setting& setting, const std::vector<std::string>& items) {
  if (setting.item_pattern.empty()) return true;
  const Pattern form = Pattern::compile(setting.item_pattern).value();
  return std::ranges::all_of(
      items, [&](const std::string& item) { return form.matches(item).value_or(false); });
}

/// Reads `text` into the setting's member.
Result<void> assign(Settings& settings, const Setting& setting, std::string_view text,
                    std::string_view origin) {
  text = strip(text);
  if (!is_valid_utf8(text)) return invalid(setting, to_valid_utf8(text), origin, "text in UTF-8");
  switch (setting.kind) {
    case SettingKind::kText: {
      if (!setting.choices.empty() &&
          std::ranges::find(setting.choices, text) == setting.choices.end()) {
        return invalid(setting, text, origin, "one of " + joined(setting.choices));
      }
      settings.*std::get<std::string Settings::*>(setting.member) = text;
      return ok();
    }
    case SettingKind::kUrl:
      while (text.ends_with('/')) text.remove_suffix(1);
      if (!text.empty() && !is_base_url(text)) {
        return invalid(setting, text, origin,
                       "a URL such as https://jobs.example.org, of http or https, without user, "
                       "query and fragment");
      }
      settings.*std::get<std::string Settings::*>(setting.member) = text;
      return ok();
    case SettingKind::kCount:
    case SettingKind::kBytes: {
      const bool bytes = setting.kind == SettingKind::kBytes;
      const auto value = bytes ? parse_bytes(text) : parse_count(text);
      if (!value.ok() || *value < setting.least) {
        return invalid(setting, text, origin,
                       fmt::format("a whole number of at least {}{}", setting.least,
                                   bytes ? ", alone or with KiB, MiB or GiB" : ""));
      }
      settings.*std::get<std::int64_t Settings::*>(setting.member) = *value;
      return ok();
    }
    case SettingKind::kSeconds: {
      const auto value = parse_seconds(text);
      if (!value.ok())
        return invalid(setting, text, origin, "a number of seconds from 0 to 1000000000");
      settings.*std::get<double Settings::*>(setting.member) = *value;
      return ok();
    }
    case SettingKind::kList:
    case SettingKind::kLines: {
      std::vector<std::string> items;
      for (const auto line : split(text, '\n')) {
        const bool whole = setting.kind == SettingKind::kLines;
        for (const auto item : whole ? std::vector{line} : split(line, ',')) {
          if (!strip(item).empty()) items.emplace_back(strip(item));
        }
      }
      if (!has_item_form(setting, items)) return invalid(setting, text, origin, setting.item_form);
      settings.*std::get<std::vector<std::string> Settings::*>(setting.member) = std::move(items);
      return ok();
    }
  }
  return ok();
}

const Setting* find_setting(std::string_view name) {
  for (const Setting& setting : setting_list()) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

void apply(LoadedSettings& loaded, const std::string& name, std::string_view text,
           const std::string& origin, const std::string& place) {
  const Setting* setting = find_setting(name);
  if (setting == nullptr) {
    loaded.mistakes.push_back(
        {"settings.unknown", fmt::format("{}: there is no setting \"{}\"; `{}` lists them all.",
                                         place, name, program::command("config"))});
    return;
  }
  if (auto assigned = assign(loaded.settings, *setting, text, place); !assigned.ok()) {
    loaded.mistakes.push_back(std::move(assigned).error());
    return;
  }
  loaded.origins[name] = origin;
}

void read_file_into(LoadedSettings& loaded, const fs::path& file) {
  std::error_code failure;
  if (!fs::exists(file, failure)) return;
  const auto entries = read_toml_file(file);
  if (!entries.ok()) {
    loaded.mistakes.push_back(entries.error());
    return;
  }
  for (const auto& [name, entry] : *entries) {
    const std::string place = fmt::format("{}, line {}", file.string(), entry.line);
    if (entry.text) {
      apply(loaded, name, *entry.text, "windlass.toml", place);
    } else {
      loaded.mistakes.push_back(
          {"settings.invalid",
           fmt::format("{}: {} must be a text, a number or a list of them.", place, name)});
    }
  }
}

/// A URL's passwords as ***: what stands before the last @, whatever it holds, and parameters.
std::string without_passwords(const std::string& url) {
  static const Pattern parameter =
      Pattern::compile("([?&\\s][^=&\\s]*(?:pass|secret|token)[^=&]*=)[^&\\s]*", true).value();
  static const Pattern authority = Pattern::compile("(://[^:/@]*:).*@").value();
  const std::string rest = parameter.replace_all(url, "$1***").value_or("***");
  if (authority.matches(url).value_or(true) && !authority.matches(rest).value_or(false)) {
    return "***";  // a password that looks like a parameter, or the other way round
  }
  return authority.replace_all(rest, "$1***@").value_or("***");
}

}  // namespace

LoadedSettings read_settings(const fs::path& home,
                             const std::map<std::string, std::string>& environment,
                             const std::map<std::string, std::string>& flags) {
  LoadedSettings loaded;
  loaded.settings.home = home;
  for (const Setting& setting : setting_list())
    loaded.origins[std::string(setting.name)] = "default";

  read_file_into(loaded, home / "windlass.toml");
  for (const auto& [variable, text] : environment) {
    if (!variable.starts_with("WINDLASS_")) continue;
    const std::string name = to_lower(variable.substr(9));
    // Variables that single commands read are no settings.
    if (name == "home" || name.starts_with("superuser_") || find_setting(name) == nullptr) continue;
    apply(loaded, name, text, "environment", variable);
  }
  for (const auto& [name, text] : flags) apply(loaded, name, text, "command line", "--" + name);
  return loaded;
}

Result<LoadedSettings> load_settings(const fs::path& home,
                                     const std::map<std::string, std::string>& environment,
                                     const std::map<std::string, std::string>& flags) {
  LoadedSettings loaded = read_settings(home, environment, flags);
  if (loaded.mistakes.empty()) return loaded;
  Error all = loaded.mistakes.front();
  for (std::size_t i = 1; i < loaded.mistakes.size(); ++i)
    all.message += "\n" + loaded.mistakes[i].message;
  return all;
}

std::string setting_text(const Settings& settings, const Setting& setting) {
  struct Printer {
    const Settings& from;
    const bool lines;
    std::string operator()(std::string Settings::*member) const {
      return without_passwords(from.*member);
    }
    std::string operator()(std::int64_t Settings::*member) const {
      return std::to_string(from.*member);
    }
    std::string operator()(double Settings::*member) const {
      return fmt::format("{}", from.*member);
    }
    std::string operator()(std::vector<std::string> Settings::*member) const {
      return fmt::format("{}", fmt::join(from.*member, lines ? "\n" : ","));
    }
  };
  return std::visit(Printer{settings, setting.kind == SettingKind::kLines}, setting.member);
}

std::string settings_template() {
  std::string text =
      "# Settings of Windlass. Every one may also be given as WINDLASS_NAME in the environment or "
      "--name\n"
      "# on the command line, which win over this file. `windlass config` shows what is in force "
      "and why.\n";
  const Settings defaults;
  for (const Setting& setting : setting_list()) {
    const std::string value = setting_text(defaults, setting);
    const bool quoted = setting.kind == SettingKind::kText || setting.kind == SettingKind::kUrl ||
                        setting.kind == SettingKind::kList;
    const bool array = setting.kind == SettingKind::kLines;
    text += fmt::format("\n# {}\n# {} = {}\n", setting.help, setting.name,
                        quoted  ? "\"" + value + "\""
                        : array ? "[" + value + "]"
                                : value);
  }
  return text;
}

}  // namespace windlass
