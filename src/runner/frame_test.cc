#include "runner/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <future>
#include <random>

namespace windlass::runner {
namespace {

json::object log_frame(const std::string& message) {
  return {{"type", "log"}, {"message", message}};
}

/// Text of any characters, of about this many bytes.
std::string random_text(std::mt19937& random, std::size_t size) {
  static const std::vector<std::string> kPieces = {"a", "B", " ", "\"", "\\", "\n", "\x01",
                                                   "ä", "€", "😀", "{",  "}",  ",",  "/"};
  std::string text;
  while (text.size() < size) text += kPieces[random() % kPieces.size()];
  return text;
}

TEST(ToMessages, EachFitsAndTogetherTheyAreTheFrame) {
  std::mt19937 random(7);
  for (const std::size_t size :
       {0u, 1u, 100u, 29'000u, 40'000u, 59'900u, 60'000u, 60'100u, 200'000u, 1'000'000u}) {
    const json::object frame = log_frame(random_text(random, size));
    FrameReader reader;
    std::optional<json::object> read;
    const std::vector<std::string> messages = to_messages(frame, 5);
    for (const std::string& message : messages) {
      EXPECT_LE(message.size(), kMaxMessage);
      EXPECT_FALSE(read.has_value()) << "whole only with the last part";
      read = reader.take(message);
    }
    ASSERT_TRUE(read.has_value()) << size;
    EXPECT_EQ(*read, frame);
    EXPECT_EQ(reader.unreadable(), 0);
    EXPECT_EQ(reader.held_bytes(), 0u);
  }
}

TEST(FrameReader, PartsOfSeveralFramesMayInterleave) {
  std::mt19937 random(11);
  std::vector<json::object> frames;
  std::vector<std::vector<std::string>> messages;
  for (int i = 0; i < 20; ++i) {
    frames.push_back(
        log_frame(std::to_string(i) + random_text(random, 70'000 + random() % 200'000)));
    messages.push_back(to_messages(frames.back(), 100 + i));
  }
  FrameReader reader;
  std::vector<json::object> read;
  std::vector<std::size_t> next(frames.size());
  while (read.size() < frames.size()) {
    const std::size_t i = random() % frames.size();
    if (next[i] == messages[i].size()) continue;
    if (auto frame = reader.take(messages[i][next[i]++])) read.push_back(std::move(*frame));
  }
  for (const json::object& frame : frames) EXPECT_THAT(read, ::testing::Contains(frame));
  EXPECT_EQ(reader.unreadable(), 0);
  EXPECT_EQ(reader.held_bytes(), 0u);
}

TEST(FrameReader, WhatIsNoFrameIsCounted) {
  FrameReader reader;
  const std::vector<std::string> bad = {
      "",
      " ",
      "{",
      "[]",
      "null",
      "1",
      "{}",
      R"({"type":1})",
      R"({"type":"log"} x)",
      R"({"type":"log","a":NaN})",
      R"({"type":"log","a":[1e400]})",
      R"({"type":"log","a":"\ud800"})",
      "{\"type\":\"log\",\"a\":\"\xff\"}",
      R"({'type':'log'})",
      R"({"type":"part"})",
      R"({"type":"part","frame":"1","index":0,"count":2,"data":"x"})",
      R"({"type":"part","frame":1,"index":0,"count":2,"data":5})",
      R"({"type":"part","frame":1,"index":3,"count":9,"data":"x"})",
      std::string(kMaxMessage + 1, ' '),
      std::string(10'000, '[')};
  for (const std::string& message : bad)
    EXPECT_FALSE(reader.take(message).has_value()) << message.substr(0, 80);
  EXPECT_EQ(reader.unreadable(), static_cast<int>(bad.size()));
  EXPECT_TRUE(reader.take(R"({"type":"log"})").has_value()) << "the next frame is read";
  reader.reset();
  EXPECT_EQ(reader.unreadable(), 0);
}

TEST(FrameReader, AFrameWithAPartMissingIsDroppedOnce) {
  const auto messages = to_messages(log_frame(std::string(200'000, 'x')), 1);
  ASSERT_GT(messages.size(), 4u);
  FrameReader reader;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (i == 2) continue;
    EXPECT_FALSE(reader.take(messages[i]).has_value());
  }
  EXPECT_EQ(reader.unreadable(), 1);
  EXPECT_EQ(reader.held_bytes(), 0u);
  std::optional<json::object> again;
  for (const std::string& message : messages) again = reader.take(message);
  EXPECT_TRUE(again.has_value()) << "its number may be used again";
}

TEST(FrameReader, WhatThePartsMakeMustBeAFrame) {
  FrameReader reader;
  EXPECT_FALSE(reader.take(R"({"type":"part","frame":1,"index":0,"count":2,"data":"{\"type\""})")
                   .has_value());
  EXPECT_FALSE(
      reader.take(R"({"type":"part","frame":1,"index":1,"count":2,"data":"}"})").has_value());
  EXPECT_EQ(reader.unreadable(), 1);
  EXPECT_FALSE(
      reader.take(R"({"type":"part","frame":1,"index":0,"count":1,"data":"{\"type\":\"part\"}"})")
          .has_value());
  EXPECT_EQ(reader.unreadable(), 2);
}

std::string part(std::int64_t frame, int index, int count, const std::string& data) {
  return json::serialize(json::object{
      {"type", "part"}, {"frame", frame}, {"index", index}, {"count", count}, {"data", data}});
}

TEST(FrameReader, UnfinishedFramesHoldLimitedMemory) {
  FrameReader reader;
  const std::string slice(50'000, 'x');
  for (int frame = 0; frame < 50; ++frame) {
    for (int index = 0; index < 60; ++index) reader.take(part(frame, index, 1'000'000, slice));
    EXPECT_LE(reader.held_bytes(), kMaxFrame);
  }
  EXPECT_GT(reader.unreadable(), 0);

  FrameReader many;
  for (int frame = 0; frame < 100'000; ++frame) many.take(part(frame, 0, 2, "x"));
  EXPECT_LE(many.held_bytes(), 64u);
  EXPECT_EQ(many.unreadable(), 100'000 - 64);
}

class FrameSocketTest : public ::testing::Test {
 protected:
  FrameSocketTest() {
    auto pair = make_socket_pair();
    EXPECT_TRUE(pair.ok());
    theirs_ = std::move(pair->second);
    loop_.call([&] { socket_ = std::make_unique<FrameSocket>(loop_, std::move(pair->first)); });
  }
  ~FrameSocketTest() override {
    loop_.call([&] { socket_.reset(); });
  }
  std::vector<json::object> receive_all(int* last) {
    std::vector<json::object> frames;
    loop_.call([&] {
      while ((*last = socket_->receive(batch_)) > 0) {
        for (int i = 0; i < *last; ++i) {
          if (auto frame = socket_->decode(batch_[i])) frames.push_back(std::move(*frame));
        }
      }
    });
    return frames;
  }

  EventLoop loop_{"test"};
  UniqueFd theirs_;
  std::unique_ptr<FrameSocket> socket_;
  MessageBatch batch_;
};

void send_text(int socket, const std::string& text) {
  EXPECT_EQ(::send(socket, text.data(), text.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(text.size()));
}

TEST_F(FrameSocketTest, ReceivesWhatThereIsThenTheEnd) {
  int last = 1;
  EXPECT_TRUE(receive_all(&last).empty());
  EXPECT_EQ(last, 0);
  for (int i = 0; i < 100; ++i)
    send_text(theirs_.get(), R"({"type":"log","n":)" + std::to_string(i) + "}");
  const auto frames = receive_all(&last);
  ASSERT_EQ(frames.size(), 100u);
  EXPECT_EQ(get_int(frames[99], "n"), 99);
  EXPECT_EQ(last, 0);
  send_text(theirs_.get(), R"({"type":"log"})");
  theirs_.reset();
  EXPECT_EQ(receive_all(&last).size(), 1u) << "what was sent before the end is not lost";
  EXPECT_EQ(last, -1);
}

TEST_F(FrameSocketTest, WhatAPeerSentBeforeItDiedWithoutReadingIsNotLost) {
  loop_.call([&] { EXPECT_TRUE(socket_->send({{"type", "cancel"}})); });
  send_text(theirs_.get(), R"({"type":"result"})");
  theirs_.reset();  // with our frame unread: the kernel tells that as an error first
  int last = 0;
  EXPECT_EQ(receive_all(&last).size(), 1u);
  EXPECT_EQ(last, -1);
}

TEST_F(FrameSocketTest, EmptyAndOverlongMessagesAreNotTheEnd) {
  send_text(theirs_.get(), "");
  send_text(theirs_.get(), std::string(70'000, 'x'));
  send_text(theirs_.get(), R"({"type":"log"})");
  int last = 0;
  EXPECT_EQ(receive_all(&last).size(), 1u);
  EXPECT_EQ(last, 0);
  EXPECT_EQ(socket_->reader().unreadable(), 2);
  send_text(theirs_.get(), "");
  EXPECT_TRUE(receive_all(&last).empty());
  EXPECT_EQ(last, 0);
}

TEST_F(FrameSocketTest, DescriptorsGoAlong) {
  auto pipe = make_pipe();
  ASSERT_TRUE(pipe.ok());
  loop_.call([&] {
    std::vector<UniqueFd> descriptors;
    descriptors.push_back(std::move(pipe->second));
    EXPECT_TRUE(socket_->send({{"type", "describe"}}, std::move(descriptors)));
  });
  char text[100];
  iovec place{text, sizeof text};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr header{};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ASSERT_GT(::recvmsg(theirs_.get(), &header, MSG_CMSG_CLOEXEC), 0);
  ASSERT_NE(CMSG_FIRSTHDR(&header), nullptr);
  int received;
  std::memcpy(&received, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof received);
  const UniqueFd write_end(received);
  EXPECT_EQ(::write(write_end.get(), "x", 1), 1);
  char byte;
  EXPECT_EQ(::read(pipe->first.get(), &byte, 1), 1);
}

TEST_F(FrameSocketTest, AFullSocketIsWaitedFor) {
  constexpr int kFrames = 300;
  const std::string message(20'000, 'x');  // more than a socket holds
  loop_.call([&] {
    for (int i = 0; i < kFrames; ++i)
      EXPECT_TRUE(socket_->send(log_frame(std::to_string(i) + message)));
  });
  std::vector<char> room(kMaxMessage);
  for (int i = 0; i < kFrames; ++i) {
    pollfd readable{theirs_.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&readable, 1, 10'000), 1);
    const ssize_t size = ::recv(theirs_.get(), room.data(), room.size(), 0);
    ASSERT_GT(size, 0);
    FrameReader reader;
    const auto frame = reader.take({room.data(), static_cast<std::size_t>(size)});
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(get_string(*frame, "message"), std::to_string(i) + message) << "in order";
  }
}

TEST_F(FrameSocketTest, APeerThatNeverReadsIsGivenUp) {
  const json::object frame = log_frame(std::string(10 << 20, 'x'));
  bool taken = true;
  loop_.call([&] {
    for (int i = 0; i < 10 && taken; ++i) taken = socket_->send(frame);
  });
  EXPECT_FALSE(taken);
}

}  // namespace
}  // namespace windlass::runner
