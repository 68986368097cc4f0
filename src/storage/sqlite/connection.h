#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace windlass::sqlite {

/// A cached statement in use; reset when this goes, so that it holds no lock and no snapshot.
class Prepared {
 public:
  explicit Prepared(SQLite::Statement& statement) : statement_(statement) {}
  ~Prepared() { statement_.tryReset(); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  SQLite::Statement* operator->() { return &statement_; }
  SQLite::Statement& operator*() { return statement_; }
  /// Executes and makes ready for other values.
  int run() {
    const int changed = statement_.exec();
    statement_.reset();
    return changed;
  }

 private:
  SQLite::Statement& statement_;
};

/// One connection and its prepared statements. Used by one thread at a time. Calls throw
/// SQLite::Exception.
class Connection {
 public:
  enum class Mode { kWrite, kRead };
  /// `patience`: how long a statement waits for another process' lock.
  Connection(const std::filesystem::path& file, Mode mode,
             Micros patience = std::chrono::seconds(5));
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// A statement of the program's own, known by its address: `sql` is a constant.
  Prepared prepare(const char* sql);
  /// A statement whose text was put together.
  Prepared prepare(const std::string& sql);
  void execute(const char* sql) { database_.exec(sql); }
  SQLite::Database& database() { return database_; }
  bool in_transaction() const;
  /// Forgets statements when there are many of them. Only while none is in use.
  void trim();

 private:
  /// A new file's change to WAL needs the file alone and does not ask the busy handler: several
  /// processes that open it at once would refuse one another.
  void enter_wal();

  int busy_tries_;
  SQLite::Database database_;
  std::unordered_map<const char*, SQLite::Statement> constants_;
  std::unordered_map<std::string, SQLite::Statement> composed_;
};

/// A transaction that is rolled back unless committed.
class Transaction {
 public:
  Transaction(Connection& connection, const char* begin);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
};

inline constexpr char kBegin[] = "BEGIN";
inline constexpr char kBeginImmediate[] = "BEGIN IMMEDIATE";
inline constexpr char kCommit[] = "COMMIT";
inline constexpr char kRollback[] = "ROLLBACK";

}  // namespace windlass::sqlite
