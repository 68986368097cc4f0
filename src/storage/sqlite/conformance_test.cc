#include "storage/conformance/conformance.h"

#include "storage/sqlite/errors.h"
#include "storage/sqlite/test_home.h"

namespace windlass::conformance {
namespace {

class SqliteTestDatabase final : public TestDatabase {
 public:
  Result<std::unique_ptr<Storage>> open(const Clock& clock) override {
    return open_sqlite(home_.options(), clock);
  }

  Result<void> execute(const std::string& sql) override {
    return sqlite::guarded([&]() -> Result<void> {
      home_.connect().execute(sql.c_str());
      return ok();
    });
  }

  std::string look_up(const std::string& sql) override {
    return home_.connect().database().execAndGet(sql).getString();
  }

  Result<void> set_last_number(std::int64_t number) override {
    return execute("UPDATE sqlite_sequence SET seq = " + std::to_string(number));
  }

 private:
  sqlite::TestHome home_;
};

std::unique_ptr<TestDatabase> make_sqlite() {
  return std::make_unique<SqliteTestDatabase>();
}

}  // namespace
}  // namespace windlass::conformance

WL_CONFORMANCE(Sqlite, make_sqlite)
