#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/settings.h"

/// What each command does, given its settings and options. One command a file. Every function
/// returns the exit status; errors have been printed by then.
namespace windlass::cli {

/// Exit statuses, for scripts.
inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;   ///< the run, or the command, failed
inline constexpr int kRefused = 2;  ///< the input was refused, nothing was done

/// Prints "windlass: <message>" (and the messages of fields) to stderr; returns kRefused.
int refuse(const Error& error);

struct ServeOptions {
  bool server = true;               ///< HTTP
  bool worker = true;               ///< run jobs
  std::vector<std::string> queues;  ///< instead of the setting, when not empty
};
/// `start`, `runserver` and `worker`: until SIGINT or SIGTERM.
int serve(const LoadedSettings& loaded, const ServeOptions& options);

/// `migrate` and `post_upgrade`.
int migrate(const LoadedSettings& loaded);

/// `rotate-key`: puts a new key in force and seals everything with it.
int rotate_key(const LoadedSettings& loaded);

struct SuperuserOptions {
  std::string username = "admin";
  std::string api_token;
  bool noinput = false;
};
int create_superuser(const LoadedSettings& loaded, const SuperuserOptions& options);

struct RunJobOptions {
  std::string job;  ///< class path, name or path of a file
  std::string username;
  std::string data;                ///< JSON, @FILE, @- for stdin, or ""
  std::vector<std::string> files;  ///< name=PATH
  std::string queue;
  bool local = false;
  bool json = false;
  bool ignore_singleton_lock = false;
};
int run_job(const LoadedSettings& loaded, const RunJobOptions& options);

struct JobsOptions {
  std::string action = "list";  ///< list, show, enable, disable, new, check
  std::vector<std::string> jobs;
  std::string name;  ///< new: of the job
  bool cpp = false;  ///< new: in C++
  std::string path;  ///< check: of a file or a folder
  bool all = false;
  bool json = false;
};
int jobs(const LoadedSettings& loaded, const JobsOptions& options);
/// `jobs new`: writes a starter file into JOBS_ROOT.
int new_job(const LoadedSettings& loaded, const JobsOptions& options);
/// `jobs check`: kFailed when something is wrong with the job files, kRefused when they cannot be
/// looked at.
int check_jobs(const LoadedSettings& loaded, const JobsOptions& options);

struct ResultsOptions {
  std::string action = "list";  ///< list, show, logs, cancel
  std::string result;
  std::string status;
  int limit = 20;
  std::int64_t attempt = 0;  ///< logs: of this attempt; 0 for all
  bool follow = false;
  bool json = false;
};
int results(const LoadedSettings& loaded, const ResultsOptions& options);

struct RepositoriesOptions {
  std::string action = "list";  ///< list, show, add, sync, remove
  std::string slug;             ///< add: wanted; else whose: slug, name or id
  std::string name;             ///< add
  std::string url;
  std::string branch;
  std::string username;  ///< at the remote
  std::string python;
  double poll = 0;         ///< seconds
  std::string token_file;  ///< "-" is standard input
  std::string ssh_key_file;
  std::string webhook_secret_file;
  std::string account;  ///< sync: who asks
  bool dry_run = false;
  bool json = false;
};
/// `repositories`: kFailed when a sync ends otherwise than well.
int repositories(const LoadedSettings& loaded, const RepositoriesOptions& options);

/// `config`: kFailed when something is wrong with the settings.
int show_config(const LoadedSettings& loaded, bool json);
int show_version();

}  // namespace windlass::cli
