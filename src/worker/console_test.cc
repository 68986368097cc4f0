#include "worker/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/bounds.h"

namespace windlass::worker {
namespace {

using ::testing::ElementsAre;

class ConsoleTest : public ::testing::Test {
 protected:
  void feed(std::string_view bytes) { splitter.feed(bytes, emit); }
  void flush() { splitter.flush(emit); }
  void finish() { splitter.finish(emit); }
  std::vector<std::string> lines;
  LineSplitter::Emit emit = [this](std::string_view line) { lines.emplace_back(line); };
  LineSplitter splitter;
};

TEST_F(ConsoleTest, LinesAreTheSameHoweverTheBytesArrive) {
  const std::string text = "one\n\ntwo words\r\nthrée\nlast";
  feed(text);
  finish();
  const std::vector<std::string> whole = lines;
  EXPECT_THAT(whole, ElementsAre("one", "", "two words", "thrée", "last"));
  for (std::size_t size = 1; size < text.size(); ++size) {
    lines.clear();
    for (std::size_t at = 0; at < text.size(); at += size)
      feed(std::string_view(text).substr(at, size));
    finish();
    EXPECT_EQ(lines, whole) << size;
  }
}

TEST_F(ConsoleTest, WhatACarriageReturnOverwroteIsGone) {
  feed("\r 10%\r 20%");
  feed("\r 30%\nrewritten\r");
  feed("");
  finish();
  EXPECT_THAT(lines, ElementsAre(" 30%", "rewritten"));
}

TEST_F(ConsoleTest, AnEndlessLineIsCutBetweenCharacters) {
  std::string text;
  while (text.size() < 3 * kLongestMessage) text += "aé€😀";
  for (std::size_t at = 0; at < text.size(); at += 1000)
    feed(std::string_view(text).substr(at, 1000));
  EXPECT_GE(lines.size(), 2U);
  finish();
  std::string together;
  for (const std::string& line : lines) {
    EXPECT_LE(line.size(), kLongestMessage);
    EXPECT_NE(static_cast<unsigned char>(line.front()) & 0xC0, 0x80);
    together += line;
  }
  EXPECT_EQ(together, text);
}

TEST_F(ConsoleTest, ALongLineInOnePieceIsCutToo) {
  feed(std::string(2 * kLongestMessage + 5, 'x') + "\n");
  EXPECT_EQ(lines.size(), 3U);
}

TEST_F(ConsoleTest, ACutGoesThroughNothingThatIsNotToBeParted) {
  const auto begun = [](std::string_view text) {
    const auto at = text.find_last_not_of('s');
    return at == std::string_view::npos ? text.size() : text.size() - at - 1;
  };
  LineSplitter careful(begun);
  const std::string before(kLongestMessage - 3, 'x');
  careful.feed(before + "ssssss", emit);
  EXPECT_THAT(lines, ElementsAre(before));
  EXPECT_EQ(careful.rest(), "ssssss");
  lines.clear();
  LineSplitter hopeless(begun);
  hopeless.feed(std::string(kLongestMessage + 1, 's'), emit);
  EXPECT_THAT(lines, ElementsAre(std::string(kLongestMessage, 's'))) << "longer than a piece";
}

TEST_F(ConsoleTest, BytesThatAreNoTextAreCutAnyhow) {
  feed(std::string(3 * kLongestMessage, '\x80'));
  finish();
  std::size_t total = 0;
  for (const std::string& line : lines) total += line.size();
  EXPECT_EQ(total, 3 * kLongestMessage);
}

TEST_F(ConsoleTest, AFlushLeavesAnUnfinishedCharacter) {
  for (const std::string_view character : {"é", "€", "😀"}) {
    for (std::size_t cut = 1; cut < character.size(); ++cut) {
      lines.clear();
      feed("x");
      feed(character.substr(0, cut));
      flush();
      EXPECT_TRUE(splitter.partial());
      feed(character.substr(cut));
      feed("\n");
      EXPECT_THAT(lines, ElementsAre("x", std::string(character)));
    }
  }
  lines.clear();
  flush();
  EXPECT_TRUE(lines.empty());
  EXPECT_FALSE(splitter.partial());
}

}  // namespace
}  // namespace windlass::worker
