#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/accounts.h"
#include "engine/git_repositories.h"
#include "engine/sessions.h"
#include "engine/submit.h"
#include "server/http/router.h"
#include "server/http/static_files.h"
#include "server/rest/rendering.h"
#include "storage/storage.h"

namespace windlass::rest {

/// Facts that the interface tells about this installation.
struct ApiInfo {
  std::string version;         ///< of Windlass
  std::string python_version;  ///< of the jobs' interpreter; "" when unknown
  std::string address =
      "127.0.0.1:8001";  ///< where URLs point when a request has no usable Host header
  std::string default_queue = "default";
  /// What every link begins with, without a slash at its end; "": http and the Host header.
  std::string base_url = "";
};

/// A setting as people read it.
struct ShownSetting {
  std::string name;
  std::string value;  ///< passwords masked
  std::string default_value;
  std::string origin;  ///< "default", "windlass.toml", "environment" or "command line"
  std::string type;    ///< "text", "url", "integer", "bytes", "seconds", "list" or "lines"
  std::string help;
};

/// What the interface works with. All of it outlives the router that add_routes() filled.
struct ApiContext {
  Storage& storage;
  engine::Submitter& submitter;
  engine::Accounts& accounts;
  engine::Sessions& sessions;
  engine::GitRepositories& repositories;
  const Clock& clock;
  ApiInfo info = {};
  const http::StaticFiles* page = nullptr;  ///< the web page; nullptr or empty: plain pages
  std::vector<ShownSetting> settings = {};
  std::filesystem::path home = {};
  std::filesystem::path jobs_root = {};
  std::vector<std::string> apps = {};  ///< the setting
  CommitLink commit_link = {};
  std::function<void()> job_edited = {};         ///< called after the record of a job or of a Git
                                                 ///< repository changed or went; must not block
  Micros stream_poll = std::chrono::seconds(1);  ///< event streams look by themselves this often
  Micros delete_wait =
      std::chrono::seconds(15);  ///< how long deleting a running result waits for its end
};

/// Adds every route of the REST interface, `/`, `/health/` and `/metrics`. Handlers are thread-safe
/// and block on storage.
void add_routes(http::Router& router, const ApiContext& context);

}  // namespace windlass::rest
