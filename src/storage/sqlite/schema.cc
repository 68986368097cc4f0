#include "storage/sqlite/schema.h"

#include <iterator>

#include "base/program.h"
#include "embedded_migrations.h"
#include "embedded_queries.h"
#include "storage/sqlite/rows.h"

namespace windlass::sqlite {

namespace {

constexpr std::int64_t kNewest = std::size(sql::kMigrations);

std::int64_t version_of(Connection& connection) {
  Prepared version = connection.prepare(sql::kSchemaVersion);
  version->executeStep();
  return value_at<std::int64_t>(*version, 0);
}

Error newer(std::int64_t version) {
  return {"storage.newer_schema", "The database was made by a newer Windlass (its version is " +
                                      std::to_string(version) + ", this program's is " +
                                      std::to_string(kNewest) + "); install that one."};
}

}  // namespace

Result<void> migrate(Connection& connection, const Clock& clock) {
  while (true) {
    // Looked at inside the transaction: another process may be migrating too.
    Transaction transaction(connection, kBeginImmediate);
    connection.execute(sql::kMakeMigrationTable);
    const std::int64_t version = version_of(connection);
    if (version > kNewest) return newer(version);
    if (version == kNewest) {
      transaction.commit();
      return ok();
    }
    const sql::Migration& next = sql::kMigrations[version];
    connection.execute(next.text);
    Prepared note = connection.prepare(sql::kNoteMigration);
    note->bind(1, next.version);
    note->bind(2, std::string(next.name));
    put(*note, 3, clock.now());
    note.run();
    transaction.commit();
  }
}

Result<void> check_schema(Connection& connection) {
  if (!connection.database().tableExists("schema_migration")) {
    return Error{"storage.not_migrated",
                 "The database is not set up; run `" + program::command("migrate") + "`."};
  }
  const std::int64_t version = version_of(connection);
  if (version > kNewest) return newer(version);
  if (version < kNewest) {
    return Error{"storage.not_migrated",
                 "The database is of an older version; run `" + program::command("migrate") + "`."};
  }
  return ok();
}

}  // namespace windlass::sqlite
