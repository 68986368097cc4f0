#include "sources/pending_changes.h"

#include <gtest/gtest.h>

namespace windlass::sources {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Event = PendingChanges::Event;
using Paths = std::set<std::string>;

class PendingChangesTest : public ::testing::Test {
 protected:
  PendingChanges pending_{milliseconds(50), milliseconds(250), seconds(2)};
};

TEST_F(PendingChangesTest, NothingIsDueWithoutEvents) {
  EXPECT_FALSE(pending_.due());
  EXPECT_TRUE(pending_.take(seconds(9)).paths.empty());
}

TEST_F(PendingChangesTest, TellsAfterQuiet) {
  pending_.add("a", Event::kClosed, milliseconds(0));
  pending_.add("b", Event::kClosed, milliseconds(30));
  EXPECT_EQ(pending_.due(), milliseconds(80));
  EXPECT_TRUE(pending_.take(milliseconds(79)).paths.empty());
  EXPECT_EQ(pending_.take(milliseconds(80)).paths, (Paths{"a", "b"}));
  EXPECT_FALSE(pending_.due());
}

TEST_F(PendingChangesTest, NeverWaitsLongerThanTheMaximum) {
  for (int at = 0; at < 250; at += 10) {
    pending_.add("a", Event::kClosed, milliseconds(at));
    EXPECT_TRUE(pending_.take(milliseconds(at)).paths.empty());
  }
  EXPECT_EQ(pending_.due(), milliseconds(250));
  EXPECT_EQ(pending_.take(milliseconds(250)).paths, Paths{"a"});
}

TEST_F(PendingChangesTest, HoldsAnOpenFileBackAndNotTheOthers) {
  pending_.add("open", Event::kWritten, milliseconds(0));
  pending_.add("done", Event::kClosed, milliseconds(10));
  EXPECT_EQ(pending_.take(milliseconds(60)).paths, Paths{"done"});
  EXPECT_EQ(pending_.held(), Paths{"open"});
  pending_.add("open", Event::kWritten, milliseconds(1500));
  EXPECT_TRUE(pending_.take(milliseconds(2100)).paths.empty());
  pending_.add("open", Event::kClosed, milliseconds(2200));
  EXPECT_EQ(pending_.due(), milliseconds(2250));
  EXPECT_EQ(pending_.take(milliseconds(2250)).paths, Paths{"open"});
}

TEST_F(PendingChangesTest, AnOpenFileThatNobodyTouchesIsToldInTheEnd) {
  pending_.add("open", Event::kWritten, milliseconds(0));
  EXPECT_EQ(pending_.due(), seconds(2));
  EXPECT_EQ(pending_.take(seconds(2)).paths, Paths{"open"});
  EXPECT_TRUE(pending_.held().empty());
}

TEST_F(PendingChangesTest, AttributesDoNotCloseAFile) {
  pending_.add("a", Event::kWritten, milliseconds(0));
  pending_.add("a", Event::kTouched, milliseconds(10));
  EXPECT_EQ(pending_.held(), Paths{"a"});
  pending_.add("b", Event::kTouched, milliseconds(10));
  EXPECT_EQ(pending_.take(milliseconds(60)).paths, Paths{"b"});
}

TEST_F(PendingChangesTest, WhatARescanFoundMustBeSeenUnchangedOnce) {
  pending_.add("a", Event::kPolled, milliseconds(0));
  EXPECT_EQ(pending_.due(), milliseconds(50));
  EXPECT_TRUE(pending_.needs_rescan(milliseconds(50)));
  pending_.add("a", Event::kPolled,
               milliseconds(51));  // the rescan begun at 50 found it changed again
  pending_.settle_polled(milliseconds(50), milliseconds(52));
  EXPECT_TRUE(pending_.take(milliseconds(52)).paths.empty());
  EXPECT_TRUE(pending_.needs_rescan(milliseconds(101)));
  pending_.settle_polled(milliseconds(101), milliseconds(102));
  EXPECT_EQ(pending_.take(milliseconds(102)).paths, Paths{"a"});
}

TEST_F(PendingChangesTest, ARescanSaysNothingAboutWhatInotifyTold) {
  pending_.add("closed", Event::kClosed, milliseconds(0));
  pending_.add("open", Event::kWritten, milliseconds(0));
  pending_.add("closed", Event::kPolled, milliseconds(10));
  pending_.add("open", Event::kPolled, milliseconds(10));
  EXPECT_FALSE(pending_.needs_rescan(milliseconds(100)));
  EXPECT_EQ(pending_.take(milliseconds(100)).paths, Paths{"closed"});
  EXPECT_EQ(pending_.held(), Paths{"open"});
}

TEST_F(PendingChangesTest, EverythingIsToldOnce) {
  pending_.add_everything(milliseconds(0));
  EXPECT_TRUE(pending_.take(milliseconds(50)).everything);
  EXPECT_FALSE(pending_.due());
  pending_.add("a", Event::kClosed, milliseconds(60));
  EXPECT_FALSE(pending_.take(milliseconds(110)).everything);
}

}  // namespace
}  // namespace windlass::sources
