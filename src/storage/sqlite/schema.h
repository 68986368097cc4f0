#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "storage/sqlite/connection.h"

namespace windlass::sqlite {

/// Brings the schema to this program's version, each step in its own transaction. Several processes
/// may do so at once. `connection` is one for writing, outside a transaction. Throws
/// SQLite::Exception. Errors: `storage.newer_schema`.
Result<void> migrate(Connection& connection, const Clock& clock);

/// Error `storage.not_migrated` or `storage.newer_schema` unless the schema is this program's.
Result<void> check_schema(Connection& connection);

}  // namespace windlass::sqlite
