#include "storage/sqlite/errors.h"

#include <sqlite3.h>

namespace windlass::sqlite {

Error to_error(const SQLite::Exception& failure) {
  const std::string detail = std::string(failure.what()) + " (SQLite " +
                             std::to_string(failure.getExtendedErrorCode()) + ")";
  switch (failure.getErrorCode() & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {"storage.busy", "The database is locked by another process; try again.", detail};
    case SQLITE_FULL:
      return {"storage.full", "There is no room left for the database; free some disk space.",
              detail};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {"storage.damaged", "The database file is damaged; restore it from a backup.", detail};
    default:
      return {"storage.failed", "The database did not do what was asked; the log says why.",
              detail};
  }
}

}  // namespace windlass::sqlite
