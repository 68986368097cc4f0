#include "storage/sqlite/connection.h"

#include <sqlite3.h>
#include <unistd.h>

#include "storage/sqlite/letter_case.h"

namespace windlass::sqlite {

namespace {

constexpr std::size_t kMostComposed = 100;
constexpr int kLookasideBytes = 1200;
constexpr int kLookasideSlots = 400;
constexpr int kBusyStepMicros = 300;

// SQLite's own handler sleeps up to 100 ms between tries: long against a commit, which takes less
// than one.
int wait_a_little(void* most_tries, int tries) {
  if (tries >= *static_cast<const int*>(most_tries)) return 0;
  ::usleep(kBusyStepMicros);
  return 1;
}

/// Statistics of memory would cost a lock an allocation, in all connections together.
void configure_library() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(
      done);  // refused when something has used SQLite before; then it is merely slower
}

int open_flags(Connection::Mode mode) {
  configure_library();
  return SQLite::OPEN_NOMUTEX |
         (mode == Connection::Mode::kWrite ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY);
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, Mode mode, Micros patience)
    : busy_tries_(static_cast<int>(patience.count() / kBusyStepMicros)),
      database_(file.string(), open_flags(mode)) {
  // Of the writer, most of what a statement needs for a moment fits here and is not asked of
  // malloc.
  if (mode == Mode::kWrite) {
    sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_LOOKASIDE, nullptr, kLookasideBytes,
                      kLookasideSlots);
  }
  sqlite3_busy_handler(database_.getHandle(), wait_a_little, &busy_tries_);
  add_lower(database_);
  execute("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF");
  if (mode == Mode::kWrite) {
    enter_wal();
    execute(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
        "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = "
        "67108864");
  } else {
    execute("PRAGMA cache_size = -1000");
  }
}

void Connection::enter_wal() {
  constexpr const char* kEnter = "PRAGMA journal_mode = WAL";
  int tries = 0;
  while (database_.tryExec(kEnter) == SQLITE_BUSY && wait_a_little(&busy_tries_, tries)) ++tries;
  execute(kEnter);  // says what is wrong if it still is
}

Prepared Connection::prepare(const char* sql) {
  auto found = constants_.find(sql);
  if (found == constants_.end()) {
    found = constants_.try_emplace(sql, database_, sql).first;
  }
  return Prepared(found->second);
}

Prepared Connection::prepare(const std::string& sql) {
  auto found = composed_.find(sql);
  if (found == composed_.end()) {
    found = composed_.try_emplace(sql, database_, sql).first;
  }
  return Prepared(found->second);
}

void Connection::trim() {
  if (composed_.size() > kMostComposed) composed_.clear();
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

Transaction::Transaction(Connection& connection, const char* begin) : connection_(connection) {
  connection_.prepare(begin)->exec();
}

Transaction::~Transaction() {
  // A failed statement or COMMIT may have ended the transaction already.
  if (connection_.in_transaction()) connection_.prepare(kRollback)->tryExecuteStep();
}

void Transaction::commit() {
  connection_.prepare(kCommit)->exec();
}

}  // namespace windlass::sqlite
