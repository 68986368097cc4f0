#pragma once

#include <optional>
#include <string>

#include "model/field.h"

namespace windlass {

/// A queue that runs are routed through. Made when a class, a worker or a person names it.
struct JobQueue {
  Uuid id;
  std::string name;
  std::string description;
  std::string queue_type = "celery";  ///< the original's word; clients compare it
  TimePoint created;
  TimePoint last_updated;
};

/// A process that runs jobs. Alive while last_seen is younger than the lease.
struct Worker {
  Uuid id;
  std::string name;  ///< "<host>:<pid>", or "local:<pid>"
  std::string hostname;
  std::int64_t pid = 0;
  std::string instance;  ///< marks its processes' environment: "<boot id>:<pid>:<start ticks>:<id>"
  json::value queues = json::array{};  ///< names; "*" serves all
  std::int64_t slots = 0;              ///< runs at a time
  std::string state;                   ///< ready, draining, stopped, lost
  TimePoint started;
  TimePoint last_seen;
};

/// Whether the worker takes runs of this queue.
bool serves(const Worker& worker, std::string_view queue);

struct User {
  Uuid id;
  std::string username;
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string password;  ///< argon2id text; never shown
  bool is_superuser = false;
  bool is_staff = false;
  bool is_active = true;
  TimePoint date_joined;
  std::optional<TimePoint> last_login;
};

struct Token {
  Uuid id;
  Uuid user;
  std::string key_hash;  ///< content_hash of the key; never shown
  std::string key_tail;  ///< last 6 characters, for display
  std::string description;
  bool write_enabled = true;
  std::optional<TimePoint> expires;
  TimePoint created;
};

/// A browser that is signed in. Whoever has the key is the user until it expires.
struct Session {
  std::string key_hash;  ///< content_hash of the key
  Uuid user;
  TimePoint created;
  TimePoint expires;
};

/// A file that a run created.
struct FileProxy {
  Uuid id;
  std::string name;
  std::int64_t size = 0;  ///< bytes
  Uuid job_result;
  TimePoint uploaded_at;
};

}  // namespace windlass
