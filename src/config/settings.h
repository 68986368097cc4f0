#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace windlass {

/// Every setting, with its default. Declared for users in setting_list(): name, unit, help.
struct Settings {
  std::filesystem::path home;
  std::string database = "sqlite:windlass.sqlite3";
  std::string jobs_root = "jobs";
  std::string listen = "127.0.0.1:8001";
  std::string base_url;
  std::int64_t workers = 0;
  std::vector<std::string> queues = {"default"};
  std::string default_queue = "default";
  std::string python = "python3";
  std::string compiler = "c++";
  std::vector<std::string> apps;
  std::vector<std::string> pythons;
  std::string isolation = "process";
  std::int64_t runs_per_child = 100;
  std::int64_t spare_children = 2;
  double soft_time_limit = 300;
  double time_limit = 600;
  double cancel_grace = 10;
  double drain_timeout = 30;
  double import_timeout = 30;
  std::int64_t memory_limit = 0;
  std::int64_t log_entry_limit = 1'000'000;
  std::int64_t log_byte_limit = 256 << 20;
  std::int64_t job_create_file_max_size = 10 << 20;
  std::int64_t sources_copy_limit = 64 << 20;
  std::int64_t request_body_limit = 16 << 20;
  double session_lifetime = 14 * 24 * 3600;
  std::vector<std::string> git_file_roots;
  std::string git_known_hosts = "~/.ssh/known_hosts";
  std::string git_requirements = "no";
  double git_timeout = 60;
  std::int64_t git_size_limit = 256 << 20;
  std::string secret_key_file = "secret.key";
  std::string job_user;
  std::vector<std::string> job_environment;
  std::vector<std::string> sanitiser_patterns;
  std::string log_level = "info";
  std::string log_format = "text";

  /// `path`, or beneath the home when it is relative.
  std::filesystem::path in_home(const std::string& path) const;
  /// The interpreter that `pythons` names for a source such as "app:my_app" or "git:netjobs"; ""
  /// when it names none.
  std::string python_of(std::string_view source) const;
  /// Folders beneath which repositories may be fetched by file URLs. `trusted`: who may reach the
  /// interface is on this machine, so that the whole of it is meant where the setting says nothing.
  std::vector<std::filesystem::path> git_file_folders(bool trusted) const;
  /// The file of git_known_hosts, with ~ as the home directory of Windlass' account.
  std::filesystem::path git_known_hosts_file() const;
};

/// How a setting's text is read. Bytes take whole numbers, alone or with KiB, MiB or GiB; seconds
/// take numbers. Items of a kList are parted by commas, those of kLines by line ends alone; in the
/// file both may be arrays. A kUrl is http or https with a host, perhaps a port and a path, kept
/// without a slash at its end, or empty.
enum class SettingKind { kText, kUrl, kCount, kBytes, kSeconds, kList, kLines };

/// One setting, as the file, the environment, the command line and the documentation name it.
struct Setting {
  std::string_view name;
  SettingKind kind;
  std::variant<std::string Settings::*, std::int64_t Settings::*, double Settings::*,
               std::vector<std::string> Settings::*>
      member;
  std::string_view help;                       ///< one sentence, with unit and range
  std::vector<std::string_view> choices = {};  ///< kText: what it may be; empty: anything
  std::int64_t least = 0;                      ///< smallest number allowed
  std::string_view item_pattern = {};          ///< kList: regular expression of an item
  std::string_view item_form = {};             ///< kList: what an item is, for the error
};

const std::vector<Setting>& setting_list();

/// Where a value came from: "default", "windlass.toml", "environment" or "command line".
struct LoadedSettings {
  Settings settings;
  std::map<std::string, std::string, std::less<>> origins;  ///< setting → origin
  std::vector<Error> mistakes;  ///< what was given and is not in force, each with its place
};

/// Reads `<home>/windlass.toml` when it exists, then WINDLASS_* of `environment`, then `flags`
/// (name → text); later ones win. What is wrong is left out and stands in `mistakes`:
/// `settings.unknown` and `settings.invalid` with the setting, where it stands and what it may be,
/// or `file.io`.
LoadedSettings read_settings(const std::filesystem::path& home,
                             const std::map<std::string, std::string>& environment,
                             const std::map<std::string, std::string>& flags);

/// The same for whoever needs all of them right: the mistakes as one error.
Result<LoadedSettings> load_settings(const std::filesystem::path& home,
                                     const std::map<std::string, std::string>& environment,
                                     const std::map<std::string, std::string>& flags);

/// A setting's value as text, as the settings page and `windlass config` show it. A password in a
/// database URL is masked, in its authority and in its parameters.
std::string setting_text(const Settings& settings, const Setting& setting);

/// What a new home's windlass.toml says: every setting, commented out, with its help.
std::string settings_template();

}  // namespace windlass
