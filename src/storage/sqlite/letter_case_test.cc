#include "storage/sqlite/letter_case.h"

#include <gtest/gtest.h>

#include "storage/sqlite/test_home.h"

namespace windlass::sqlite {
namespace {

TEST(LetterCase, IsFoldedInAllAlphabets) {
  EXPECT_EQ(fold_case("Plain TEXT 1%_\\"), "plain text 1%_\\");
  EXPECT_EQ(fold_case("GRÜSSE Ångström ŁÓDŹ"), "grüsse ångström łódź");
  EXPECT_EQ(fold_case("ΜΕΛΙΣΣΑ ΟΔΟΣ ς"), "μελισσα οδοσ σ");
  EXPECT_EQ(fold_case("ЗАДАЧА Ж"), "задача ж");
  EXPECT_EQ(fold_case("NHIỆM VỤ"), "nhiệm vụ");
  EXPECT_EQ(fold_case("𐐀 任务 🚀"), "𐐨 任务 🚀");
}

TEST(LetterCase, BytesThatAreNoTextStay) {
  EXPECT_EQ(fold_case("A\xff\xc3(\x80Ü\xe2\x82"), "a\xff\xc3(\x80ü\xe2\x82");
  EXPECT_EQ(fold_case(std::string_view("Ü\0Ä", 5)), std::string_view("ü\0ä", 5));
}

TEST(LetterCase, IsWhatTheDatabaseCallsLower) {
  const TestHome home;
  const SystemClock clock;
  const auto storage = home.open(clock);
  Connection db = home.connect(Connection::Mode::kRead);
  Prepared lower = db.prepare("SELECT lower('GRÜN'), lower(NULL), lower(12)");
  ASSERT_TRUE(lower->executeStep());
  EXPECT_EQ(lower->getColumn(0).getString(), "grün");
  EXPECT_TRUE(lower->getColumn(1).isNull());
  EXPECT_EQ(lower->getColumn(2).getString(), "12");
}

}  // namespace
}  // namespace windlass::sqlite
