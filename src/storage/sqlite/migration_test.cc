#include <gtest/gtest.h>

#include "base/files.h"
#include "embedded_migrations.h"
#include "embedded_queries.h"
#include "storage/sqlite/rows.h"
#include "storage/sqlite/test_home.h"

namespace windlass::sqlite {
namespace {

/// A database as an earlier program left it, from a still earlier one's on.
void make_version(Connection& db, std::size_t version, std::size_t from = 0) {
  if (from == 0) db.execute(sql::kMakeMigrationTable);
  for (std::size_t i = from; i < version; ++i) {
    db.execute(sql::kMigrations[i].text);
    Prepared note = db.prepare(sql::kNoteMigration);
    note->bind(1, sql::kMigrations[i].version);
    note->bind(2, std::string(sql::kMigrations[i].name));
    note->bind(3, 0);
    note.run();
  }
}

/// A result that ended at `done` microseconds.
void add_result(Connection& db, const std::string& id, const std::string& status, std::int64_t done,
                const std::string& source = "", const std::string& source_version = "") {
  const auto run = [&](const std::string& text) { db.prepare(text).run(); };
  run("INSERT INTO job_result VALUES (NULL, '" + id +
      "', 'J', 'm.J', NULL, NULL, 'PENDING', 0, NULL, NULL, '', 'default', '[]', '{}', NULL, "
      "NULL, '', '', '" +
      source + "', '" + source_version +
      "', 1, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', 1, NULL, 0)");
  run("UPDATE job_result SET status = 'STARTED' WHERE id = '" + id + "'");
  run("UPDATE job_result SET status = '" + status + "', date_done = " + std::to_string(done) +
      " WHERE id = '" + id + "'");
}

TEST(Migration, RunsThatEndedBeforeAreCounted) {
  TestHome home;
  FakeClock clock;
  constexpr std::int64_t kQuarter = 900'000'000;
  ASSERT_TRUE(write_new_file(home.options().database, "", 0600).ok());
  {
    Connection db(home.options().database, Connection::Mode::kWrite);
    make_version(db, 2);
    add_result(db, "a", "SUCCESS", 0);
    add_result(db, "b", "SUCCESS", kQuarter - 1);
    add_result(db, "c", "FAILURE", kQuarter);
  }
  const auto storage = home.open(clock);
  const auto ended = storage->results().ended(from_micros(0), from_micros(2 * kQuarter)).value();
  ASSERT_EQ(ended.size(), 2u);
  EXPECT_EQ(ended[0].success, 2);
  EXPECT_EQ(ended[1].from, from_micros(kQuarter));
  EXPECT_EQ(ended[1].failure, 1);
}

TEST(Migration, CommitsThatRanBeforeHaveTheUrlOfTheirRepository) {
  TestHome home;
  FakeClock clock;
  ASSERT_TRUE(write_new_file(home.options().database, "", 0600).ok());
  {
    Connection db(home.options().database, Connection::Mode::kWrite);
    make_version(db, 3);
    add_result(db, "a", "SUCCESS", 0, "git:net", "before");
    add_result(db, "b", "SUCCESS", 0, "git:gone", "x");
    make_version(db, 4, 3);
    db.execute(
        "INSERT INTO git_repository VALUES ('id', 'Net', 'net', 'https://example.org/net', 'main', "
        "'[]', 'now', 'now', '', NULL, 0, '', '', '', '', '', '', 0, 0)");
  }
  const auto storage = home.open(clock);
  GitRepositoryStore& repositories = storage->git_repositories();
  EXPECT_EQ(repositories.remote_of("net", "before").value(), "https://example.org/net");
  EXPECT_EQ(repositories.remote_of("net", "now").value(), "https://example.org/net");
  EXPECT_EQ(repositories.remote_of("gone", "x").value(), "");
}

}  // namespace
}  // namespace windlass::sqlite
