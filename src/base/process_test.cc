#include "base/process.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace windlass {
namespace {

TEST(Process, OwnMarkerIsAlive) {
  const Uuid id = new_id(from_micros(1));
  const std::string marker = instance_marker(id);
  EXPECT_EQ(instance_state(marker), InstanceState::kAlive);
  EXPECT_TRUE(marker.ends_with(id.to_string()));
}

TEST(Process, ASecondProcessWithTheSameNumberIsNotTaken) {
  const std::string marker = instance_marker(Uuid{});
  const std::string pid = ":" + std::to_string(getpid()) + ":";
  const auto at = marker.find(pid) + pid.size();
  const std::string earlier = marker.substr(0, at) + "1" + marker.substr(marker.find(':', at));
  EXPECT_EQ(instance_state(earlier), InstanceState::kGone);
}

TEST(Process, EndedProcessIsGoneAlsoBeforeItIsReaped) {
  int channel[2];
  ASSERT_EQ(pipe(channel), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string own = instance_marker(Uuid{});
    if (write(channel[1], own.data(), own.size()) < 0) _exit(1);
    _exit(0);
  }
  char buffer[256];
  const ssize_t size = read(channel[0], buffer, sizeof buffer);
  ASSERT_GT(size, 0);
  const std::string marker(buffer, static_cast<std::size_t>(size));
  siginfo_t info;
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(instance_state(marker), InstanceState::kGone);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_EQ(instance_state(marker), InstanceState::kGone);
  close(channel[0]);
  close(channel[1]);
}

TEST(Process, OtherBootsAndNonsenseCannotBeTold) {
  const std::string marker = instance_marker(Uuid{});
  EXPECT_EQ(instance_state("f" + marker), InstanceState::kElsewhere);
  for (const char* text : {"", ":::", "a:b:c:d", "x:1:2", "../..:../..:1:2"}) {
    EXPECT_EQ(instance_state(text), InstanceState::kElsewhere) << text;
  }
}

}  // namespace
}  // namespace windlass
