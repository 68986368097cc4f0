#include "cli/arguments.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <functional>
#include <iostream>

#include "base/log.h"
#include "base/program.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/output.h"

extern char** environ;

namespace windlass::cli {

namespace {

/// What the command line asks for, filled in by CLI11 while it parses.
struct Arguments {
  std::string home;
  std::map<std::string, std::string> flags;  ///< setting → text
  std::function<int(const LoadedSettings&)> command;
  ServeOptions serve;
  SuperuserOptions superuser;
  RunJobOptions run_job;
  JobsOptions jobs;
  ResultsOptions results;
  RepositoriesOptions repositories;
  bool config_json = false;
  bool takes_mistakes = false;  ///< the command works with settings that are wrong in part
};

std::string dashed(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c == '_' ? '-' : c;
  return out;
}

/// Each setting as --name and, where it has an underscore, --na-me.
void add_settings(CLI::App& app, Arguments& arguments) {
  for (const Setting& setting : setting_list()) {
    const std::string name(setting.name);
    std::string flags = "--" + name;
    if (dashed(name) != name) flags += ",--" + dashed(name);
    app.add_option_function<std::string>(
           flags, [&arguments, name](const std::string& text) { arguments.flags[name] = text; },
           std::string(setting.help))
        ->group("Settings")
        ->type_name("");
  }
}

void add_serving(CLI::App& app, Arguments& a) {
  const auto add = [&a](CLI::App& parent, const char* name, const char* help, bool server,
                        bool worker) {
    CLI::App* command = parent.add_subcommand(name, help);
    if (worker) {
      command
          ->add_option("--queue", a.serve.queues,
                       "Serve this queue instead of the setting's; * for all")
          ->check([](const std::string& queue) {
            return is_valid_utf8(queue) ? "" : "\"" + to_valid_utf8(queue) + "\" is no UTF-8";
          })
          ->type_name("QUEUE");
    }
    command->callback([&a, server, worker] {
      a.serve.server = server;
      a.serve.worker = worker;
      a.command = [&a](const LoadedSettings& loaded) { return serve(loaded, a.serve); };
    });
    return command;
  };
  add(app, "start", "Server and worker in one process: the whole product on one machine", true,
      true);
  add(app, "runserver", "Only the server", true, false);
  add(app, "worker", "Only a worker", false, true);
  CLI::App* celery = app.add_subcommand("celery", "")->group("");
  celery->require_subcommand(1);
  celery->fallthrough();
  add(*celery, "worker", "Only a worker", false, true);
}

void add_migrate(CLI::App& app, Arguments& a) {
  for (const char* name : {"migrate", "post_upgrade"}) {
    app.add_subcommand(name, "Bring the database to this version and refresh the job records")
        ->callback(
            [&a] { a.command = [](const LoadedSettings& loaded) { return migrate(loaded); }; });
  }
}

void add_rotate_key(CLI::App& app, Arguments& a) {
  app.add_subcommand("rotate-key",
                     "Put a new key in secret_key_file and seal every sealed input with it, also "
                     "while Windlass runs")
      ->callback(
          [&a] { a.command = [](const LoadedSettings& loaded) { return rotate_key(loaded); }; });
}

void add_superuser(CLI::App& app, Arguments& a) {
  CLI::App* command = app.add_subcommand("createsuperuser",
                                         "Make an account that may do everything; password from a "
                                         "prompt or WINDLASS_SUPERUSER_PASSWORD");
  command->add_option("--username", a.superuser.username, "Its name")->type_name("NAME");
  command->add_flag("--noinput", a.superuser.noinput,
                    "Ask nothing; without a password there is none");
  command
      ->add_option("--api-token,--api_token", a.superuser.api_token,
                   "Its token, 40 hexadecimal digits; better given as WINDLASS_SUPERUSER_API_TOKEN")
      ->type_name("TOKEN");
  command->callback([&a] {
    a.command = [&a](const LoadedSettings& loaded) {
      return create_superuser(loaded, a.superuser);
    };
  });
}

void add_run_job(CLI::App& app, Arguments& a) {
  CLI::App* command = app.add_subcommand("runjob", "Run a job and follow it to its end");
  command
      ->add_option("CLASS_PATH", a.run_job.job,
                   "Class path or name of the job, or path of its file")
      ->required();
  command
      ->add_option("--username,-u", a.run_job.username, "Who runs it; default: the only superuser")
      ->type_name("NAME");
  command
      ->add_option("--data,-d", a.run_job.data,
                   "Inputs: a JSON object, @FILE, or @- for standard input")
      ->type_name("JSON");
  command->add_option("--file", a.run_job.files, "A file for a variable; repeat it for several")
      ->type_name("NAME=PATH");
  command->add_option("--queue", a.run_job.queue, "Queue to run on")->type_name("QUEUE");
  command->add_flag("--local,-l", a.run_job.local,
                    "Run in this process, with no server and no account");
  command->add_flag("--json", a.run_job.json, "Print only the result, as JSON");
  command->add_flag("--ignore-singleton-lock", a.run_job.ignore_singleton_lock,
                    "Run although another run of a singleton job is under way");
  command->callback([&a] {
    a.command = [&a](const LoadedSettings& loaded) { return run_job(loaded, a.run_job); };
  });
}

void add_jobs(CLI::App& app, Arguments& a) {
  CLI::App* command =
      app.add_subcommand("jobs", "List, show, check and make jobs; let them be run");
  command->fallthrough();
  command->add_flag("--json", a.jobs.json, "Print JSON");
  command->callback([&a] {
    if (!a.command) a.command = [&a](const LoadedSettings& loaded) { return jobs(loaded, a.jobs); };
  });
  const std::pair<const char*, const char*> actions[] = {{"list", "All jobs"},
                                                         {"show", "One job with its variables"},
                                                         {"enable", "Let jobs be run"},
                                                         {"disable", "Let jobs no longer be run"}};
  for (const auto& [name, help] : actions) {
    CLI::App* action = command->add_subcommand(name, help);
    if (std::string_view(name) != "list") {
      action->add_option("CLASS_PATH", a.jobs.jobs, "Class path, name or id");
    }
    if (std::string_view(name).ends_with("able"))
      action->add_flag("--all", a.jobs.all, "Every installed job");
    action->callback([&a, name = std::string(name)] { a.jobs.action = name; });
  }
  CLI::App* create = command->add_subcommand("new", "Write a starter file into the jobs folder");
  create->add_option("NAME", a.jobs.name, "What the job is called: \"My Report\"")->required();
  create->add_flag("--cpp", a.jobs.cpp, "In C++, which is compiled when it is saved");
  create->callback([&a] { a.jobs.action = "new"; });
  CLI::App* check = command->add_subcommand(
      "check", "Tell what is wrong with job files, without running them as jobs");
  check->add_option("PATH", a.jobs.path, "A file or a folder of job files")->required();
  check->callback([&a] { a.jobs.action = "check"; });
}

void add_results(CLI::App& app, Arguments& a) {
  CLI::App* command = app.add_subcommand("results", "List, show, follow and cancel runs");
  command->fallthrough();
  command->add_flag("--json", a.results.json, "Print JSON");
  command->callback([&a] {
    if (!a.command)
      a.command = [&a](const LoadedSettings& loaded) { return results(loaded, a.results); };
  });
  CLI::App* list = command->add_subcommand("list", "The newest runs");
  list->add_option("--status", a.results.status, "Only this status")->type_name("STATUS");
  list->add_option("--limit", a.results.limit, "How many")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  list->callback([&a] { a.results.action = "list"; });
  const std::pair<const char*, const char*> actions[] = {
      {"show", "One run"}, {"logs", "Its log"}, {"cancel", "Stop it, queued or running"}};
  for (const auto& [name, help] : actions) {
    CLI::App* action = command->add_subcommand(name, help);
    action->add_option("ID", a.results.result, "Id of the result")->required();
    if (std::string_view(name) == "logs") {
      action->add_flag("-f,--follow", a.results.follow, "Until it ends");
      action->add_option("--attempt", a.results.attempt, "Only this attempt")
          ->check(CLI::PositiveNumber)
          ->type_name("N");
    }
    action->callback([&a, name = std::string(name)] { a.results.action = name; });
  }
}

void add_new_repository(CLI::App& command, Arguments& a) {
  RepositoriesOptions& options = a.repositories;
  CLI::App* add = command.add_subcommand("add", "Add a Git repository");
  add->add_option("NAME", options.name, "What it is called")->required();
  add->add_option("URL", options.url, "Where it is fetched from: https, http, ssh or file")
      ->required();
  add->add_option("--branch", options.branch, "Branch or tag; default: main")->type_name("NAME");
  add->add_option("--slug", options.slug, "Package name of its jobs; default: made of its name")
      ->type_name("SLUG");
  add->add_option("--username", options.username, "Account at the remote")->type_name("NAME");
  add->add_option("--token-file", options.token_file,
                  "File with the password or token for http, - for standard input; or give "
                  "WINDLASS_REPOSITORY_TOKEN")
      ->type_name("FILE");
  add->add_option("--ssh-key-file", options.ssh_key_file,
                  "File with the private key for ssh, likewise; or give "
                  "WINDLASS_REPOSITORY_SSH_KEY")
      ->type_name("FILE");
  add->add_option("--webhook-secret-file", options.webhook_secret_file,
                  "File with what signs deliveries, likewise; or give "
                  "WINDLASS_REPOSITORY_WEBHOOK_SECRET")
      ->type_name("FILE");
  add->add_option("--poll", options.poll, "Sync by itself this often; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->type_name("SECONDS");
  add->add_option("--python", options.python, "Interpreter of its jobs; default: the setting's")
      ->type_name("PYTHON");
  add->callback([&a] { a.repositories.action = "add"; });
}

void add_repositories(CLI::App& app, Arguments& a) {
  CLI::App* command =
      app.add_subcommand("repositories", "List, show, add, sync and remove Git repositories");
  command->fallthrough();
  command->add_flag("--json", a.repositories.json, "Print JSON");
  command->callback([&a] {
    if (a.command) return;
    a.command = [&a](const LoadedSettings& loaded) { return repositories(loaded, a.repositories); };
  });
  command->add_subcommand("list", "All Git repositories")->callback([&a] {
    a.repositories.action = "list";
  });
  add_new_repository(*command, a);
  const std::pair<const char*, const char*> actions[] = {
      {"show", "One Git repository"},
      {"sync", "Fetch it and put its jobs in force"},
      {"remove", "Remove it; results stay"}};
  for (const auto& [name, help] : actions) {
    CLI::App* action = command->add_subcommand(name, help);
    action->add_option("SLUG", a.repositories.slug, "Slug, name or id")->required();
    if (std::string_view(name) == "sync") {
      action->add_flag("--dry-run", a.repositories.dry_run, "Only tell what would change");
      action
          ->add_option("--username,-u", a.repositories.account,
                       "Who asks for it; default: the only superuser")
          ->type_name("NAME");
    }
    action->callback([&a, name = std::string(name)] { a.repositories.action = name; });
  }
}

void add_information(CLI::App& app, Arguments& a) {
  CLI::App* config = app.add_subcommand("config", "Every setting, and where its value comes from");
  config->add_flag("--json", a.config_json, "Print JSON");
  config->callback([&a] {
    a.takes_mistakes = true;
    a.command = [&a](const LoadedSettings& loaded) { return show_config(loaded, a.config_json); };
  });
  app.add_subcommand("version", "This program's version")->callback([&a] {
    a.takes_mistakes = true;
    a.command = [](const LoadedSettings&) { return show_version(); };
  });
}

/// What all commands have in common.
void finish_command(CLI::App& command) {
  command.fallthrough();
  command.footer("`windlass --help` shows --home and the settings, which every command takes.");
  for (CLI::App* action : command.get_subcommands({})) action->footer(command.get_footer());
}

std::filesystem::path home_folder(const std::string& flag) {
  if (!flag.empty()) return std::filesystem::absolute(flag);
  const char* named = std::getenv("WINDLASS_HOME");
  if (named != nullptr && *named != '\0') return std::filesystem::absolute(named);
  const char* user = std::getenv("HOME");
  return std::filesystem::path(user != nullptr ? user : "/") / ".windlass";
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

void configure_log(const Settings& settings) {
  const auto level = settings.log_level == "debug"     ? log::Level::kDebug
                     : settings.log_level == "warning" ? log::Level::kWarning
                     : settings.log_level == "error"   ? log::Level::kError
                                                       : log::Level::kInfo;
  log::configure(level, settings.log_format == "json" ? log::Format::kJson : log::Format::kText);
}

int parse_and_run(int argc, char** argv) {
  Arguments arguments;
  CLI::App app(
      "Windlass runs jobs: Python classes in a folder become forms, REST endpoints and commands.",
      "windlass");
  app.fallthrough();
  app.require_subcommand(1);
  app.add_option("--home", arguments.home,
                 "Folder of settings, database, jobs and files; default ~/.windlass")
      ->type_name("DIR");
  app.set_version_flag("--version", std::string("windlass ") + WINDLASS_VERSION);
  add_settings(app, arguments);
  add_serving(app, arguments);
  add_migrate(app, arguments);
  add_rotate_key(app, arguments);
  add_superuser(app, arguments);
  add_run_job(app, arguments);
  add_jobs(app, arguments);
  add_results(app, arguments);
  add_repositories(app, arguments);
  add_information(app, arguments);
  for (CLI::App* command : app.get_subcommands({})) finish_command(*command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? kOk : kRefused;
  }
  const std::filesystem::path home = home_folder(arguments.home);
  if (!arguments.home.empty()) program::set_named_home(home.string());
  if (arguments.takes_mistakes)
    return arguments.command(read_settings(home, environment(), arguments.flags));
  const auto loaded = load_settings(home, environment(), arguments.flags);
  if (!loaded.ok()) return refuse(loaded.error());
  configure_log(loaded->settings);
  return arguments.command(*loaded);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  int status = kFailed;
  try {
    status = parse_and_run(argc, argv);
  } catch (const std::exception& error) {  // CLI11, fmt and the standard library; ours are values
    if (!output_failed()) std::cerr << "windlass: " << error.what() << "\n";
  }
  return finish_output(status);
}

}  // namespace windlass::cli
