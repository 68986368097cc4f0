// Frames on a socket: parts, descriptors, and messages that are no frames.
#include "../../runner/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace windlass::runner {
namespace {

class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() : ends_(make_ends()), ours_(ends_[0]), channel_(ends_[1]) {}

  static std::array<int, 2> make_ends() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    return ends;
  }

  void say(std::string_view message) const {
    ASSERT_EQ(::send(ours_.descriptor(), message.data(), message.size(), 0),
              static_cast<ssize_t>(message.size()));
  }

  Channel::Message hear_after(std::string_view message) {
    say(message);
    return channel_.receive();
  }

  std::array<int, 2> ends_;
  Channel ours_;
  Channel channel_;
};

TEST_F(ChannelTest, AFrameComesAsItWasSent) {
  const auto message = hear_after(R"({"type":"exit","more":[1]})");
  ASSERT_EQ(message.what, Received::kFrame);
  EXPECT_EQ(message.frame.dump(), R"({"type":"exit","more":[1]})");
}

TEST_F(ChannelTest, FramesOfEverySizeComeWhole) {
  for (const std::size_t size : {1U, 59'000U, 60'000U, 61'000U, 200'001U, 3'000'000U}) {
    std::string text;
    while (text.size() < size) text += "x\u00e9\"\\\n\u20ac\U0001F600";
    std::string sent = R"({"type":"log","message":)";
    windlass::jobs::detail::append_quoted(sent, text);
    sent += '}';
    std::thread sender([&] { EXPECT_TRUE(ours_.send(sent)); });
    Channel::Message message;
    do {
      message = channel_.receive();
    } while (message.what == Received::kPart);
    sender.join();
    ASSERT_EQ(message.what, Received::kFrame) << message.problem;
    EXPECT_EQ(message.frame.at("message").as_string(), text);
  }
}

TEST_F(ChannelTest, PartsOfDifferentFramesMayInterleave) {
  const auto part = [](int frame, int index, const std::string& data) {
    return Json::object(
               {{"type", "part"}, {"frame", frame}, {"index", index}, {"count", 2}, {"data", data}})
        .dump();
  };
  EXPECT_EQ(hear_after(part(1, 0, R"({"type":)")).what, Received::kPart);
  EXPECT_EQ(hear_after(part(2, 0, R"({"type":"b)")).what, Received::kPart);
  EXPECT_EQ(text_of(hear_after(part(1, 1, R"("a"})")).frame, "type"), "a");
  EXPECT_EQ(text_of(hear_after(part(2, 1, R"("})")).frame, "type"), "b");
}

TEST_F(ChannelTest, WhatIsNoFrameSaysWhy) {
  for (const char* const message :
       {"{", "[]", "null", "\xff", R"({"type":5})", R"({"type":"part"})",
        R"({"type":"part","frame":1,"index":1,"count":2,"data":"x"})",
        R"({"type":"part","frame":1,"index":2,"count":2,"data":"x"})",
        R"({"type":"part","frame":1,"index":-1,"count":2,"data":"x"})",
        R"({"type":"part","frame":1,"index":0,"count":0,"data":"x"})",
        R"({"type":"part","frame":1.5,"index":0,"count":1,"data":"x"})",
        R"({"type":"part","frame":99999999999999999999,"index":0,"count":1,"data":"x"})",
        R"({"type":"part","frame":1,"index":0,"count":1,"data":"{"})"}) {
    const auto heard = hear_after(message);
    EXPECT_EQ(heard.what, Received::kBad) << message;
    EXPECT_FALSE(heard.problem.empty()) << message;
  }
  EXPECT_EQ(hear_after(std::string(70'000, ' ')).what, Received::kBad);
  EXPECT_EQ(hear_after(R"({"type":"exit"})").what, Received::kFrame);
}

TEST_F(ChannelTest, DescriptorsComeWithAFrameAndAreClosedWithABadOne) {
  const auto send_with_descriptor = [&](std::string_view text, int descriptor) {
    iovec data{const_cast<char*>(text.data()), text.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* const item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(item), &descriptor, sizeof descriptor);
    ASSERT_GT(::sendmsg(ours_.descriptor(), &header, 0), 0);
  };
  const auto next_free = [] {
    const int number = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(number);
    return number;
  };
  const int free_before = next_free();
  send_with_descriptor(R"({"type":"input_files"})", ours_.descriptor());
  {
    const auto message = channel_.receive();
    ASSERT_EQ(message.descriptors.size(), 1U);
    EXPECT_EQ(::fcntl(message.descriptors[0], F_GETFD), FD_CLOEXEC);
    EXPECT_NE(next_free(), free_before);
  }
  EXPECT_EQ(next_free(), free_before);
  send_with_descriptor("{", ours_.descriptor());
  const auto message = channel_.receive();
  EXPECT_EQ(message.what, Received::kBad);
  EXPECT_EQ(next_free(), free_before);
}

TEST_F(ChannelTest, TheEndAndALostSocketAreToldApart) {
  EXPECT_EQ(channel_.receive(MSG_DONTWAIT).what, Received::kNothing);
  ours_.close();
  EXPECT_EQ(channel_.receive().what, Received::kEnd);
  EXPECT_FALSE(channel_.send(R"({"type":"log"})"));
  const int file = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(file, channel_.descriptor());
  ::close(file);
  EXPECT_EQ(channel_.receive().what, Received::kLost);
  EXPECT_FALSE(channel_.send(R"({"type":"log"})"));
}

// Frames changed here and there: whatever comes is a frame, a part or bad, and the next good frame
// is understood.
TEST_F(ChannelTest, ChangedMessagesDoNoHarm) {
  std::mt19937 random(20'240'601);  // the same ones each time
  const std::vector<std::string> seeds = {
      R"({"type":"run","task_id":"1","class_path":"a.B","inputs":{"x":[1,-2.5e3,null,true]}})",
      R"({"type":"part","frame":7,"index":0,"count":3,"data":"{\"type\":\"a\u00e9\ud83d\ude00"})",
      R"({"type":"part","frame":7,"index":1,"count":2,"data":"\"}"})",
      R"({"type":"answer","ask":1,"value":{"objects":[{"id":"x"}],"count":1}})"};
  const auto pick = [&](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
  };
  for (int round = 0; round < 20'000; ++round) {
    std::string message = seeds[pick(seeds.size())];
    for (std::size_t change = pick(4); change > 0 && !message.empty(); --change) {
      const std::size_t at = pick(message.size());
      switch (pick(4)) {
        case 0:
          message[at] = static_cast<char>(pick(256));
          break;
        case 1:
          message.erase(at, 1 + pick(8));
          break;
        case 2:
          message.insert(at, message.substr(pick(message.size()), pick(20)));
          break;
        default:
          message.insert(at, 1, "{}[]\",:\\0"[pick(9)]);
      }
    }
    if (message.empty()) continue;
    const auto heard = hear_after(message);
    ASSERT_TRUE(heard.what == Received::kFrame || heard.what == Received::kPart ||
                heard.what == Received::kBad)
        << message;
  }
  EXPECT_EQ(text_of(hear_after(R"({"type":"exit"})").frame, "type"), "exit");
}

}  // namespace
}  // namespace windlass::runner
