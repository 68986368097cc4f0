#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/accounts.h"
#include "engine/git_repositories.h"
#include "engine/submit.h"
#include "engine/test_home.h"
#include "server/http/router.h"
#include "server/rest/api.h"

namespace windlass::rest {

/// An answer with its body read as JSON (null when it is none).
struct TestAnswer {
  http::Response response;
  json::value body;
  int status() const { return response.status; }
  /// A member of the body, by a path like "job_result.id" or "results.0.name".
  const json::value& at(std::string_view path) const;
  std::string text(std::string_view path) const;
};

/// The whole interface over a real database in a temporary folder, called without sockets. The
/// worker's side is played by calls of storage.
class TestApi {
 public:
  static constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef01234567";

  enum Accounts { kSuperuser, kNoAccount };

  explicit TestApi(Accounts begin_with = kSuperuser);
  /// A request with the superuser's token. `target` may have a query.
  TestAnswer get(std::string_view target) { return send("GET", target); }
  TestAnswer send(std::string_view method, std::string_view target, std::string_view body = "",
                  std::string_view content_type = "application/json");
  /// The same with these headers alone.
  TestAnswer send_with(http::NamedValues headers, std::string_view method, std::string_view target,
                       std::string_view body = "");

  /// The seed's job: a text and a number; enabled.
  Job add_job(std::string name, bool sensitive = false);
  /// The records of Windlass' own jobs that fetch repositories.
  void add_sync_jobs();
  /// A repository of this name at https://github.com/ada/<name>.git.
  GitRepository add_repository(const std::string& name, json::object more = {});
  JobResult submit(const Job& job, std::string_view text = "hello");
  /// Claims the oldest waiting run, as a worker does.
  ClaimedRun claim();
  void write(const ClaimedRun& run, std::vector<Event> events,
             std::optional<RunOutcome> outcome = std::nullopt);
  /// Claims a run and lets it log three entries and succeed.
  JobResult finish_run();
  static Event log_event(std::string level, std::string message, std::string grouping = "run");

  FakeClock clock;
  engine::TestHome home{clock};
  engine::NoChoices choices;
  engine::Submitter submitter{home.storage(), clock, home.key(), choices, {}};
  engine::Accounts accounts{home.storage(), clock};
  engine::Sessions sessions{home.storage(), accounts, clock};
  engine::GitRepositories repositories{
      home.storage(), clock, home.key(), {home.path() / "jobs", {"my_app"}, &check_url}};
  Worker worker = home.add_worker({"default"});
  User user;
  int edited = 0;  ///< calls of ApiContext::job_edited
  http::Router router;

 private:
  static Result<void> check_url(std::string_view url);
};

/// Everything that an event stream has to say until it is idle or ends.
struct StreamReading {
  std::string text;
  bool ended = false;
};
StreamReading read_stream(http::EventSource& source);

}  // namespace windlass::rest
