#include "base/program.h"

#include <gtest/gtest.h>

namespace windlass::program {
namespace {

TEST(Program, NamesTheHomeThatWasNamed) {
  EXPECT_EQ(command("jobs list"), "windlass jobs list");
  set_named_home("/srv/wind lass");
  EXPECT_EQ(command("jobs list"), "windlass --home '/srv/wind lass' jobs list");
  set_named_home("");
  EXPECT_EQ(command("jobs list"), "windlass jobs list");
}

TEST(Program, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(shell_word("/tmp/a-b_c.py"), "/tmp/a-b_c.py");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("*"), "'*'");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
}

}  // namespace
}  // namespace windlass::program
