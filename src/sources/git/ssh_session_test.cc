#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "sources/git/test_repository.h"
#include "sources/git/test_ssh_server.h"

namespace windlass::sources {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Ssh : public TestMirror {
 protected:
  GitRemote over_ssh() const {
    GitRemote remote;
    remote.url = server_.url();
    remote.branch = "main";
    remote.kind = GitRemote::Secret::kSshKey;
    remote.secret = server_.user.private_text();
    remote.known_hosts = server_.known_hosts(server_.ed25519);
    return remote;
  }

  TestSshServer server_{origin_.path()};
};

TEST_F(Ssh, FetchesWithAKeyInMemory) {
  const std::string first = origin_.commit(files("x = 1"));
  EXPECT_EQ(mirror_.fetch(over_ssh(), nullptr).value().commit, first);
  EXPECT_TRUE(mirror_.checkout(first).ok());
  EXPECT_EQ(mirror_.fetch(over_ssh(), nullptr).value().commit, first) << "with nothing new";
  const std::string second = origin_.commit(files("x = 2"));
  EXPECT_EQ(mirror_.fetch(over_ssh(), nullptr).value().commit, second);
  EXPECT_EQ(content(mirror_.checkout(second).value(), "netjobs/jobs.py"), "x = 2");
}

TEST_F(Ssh, AKeyMayHaveBeenThroughAFormOrAnEditor) {
  origin_.commit(files());
  GitRemote remote = over_ssh();
  std::string windows = "\r\n  ";
  for (const char c : remote.secret) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  while (windows.ends_with('\n') || windows.ends_with('\r')) windows.pop_back();
  remote.secret = windows;
  EXPECT_TRUE(mirror_.fetch(remote, nullptr).ok());
}

TEST_F(Ssh, TheServerIsAskedForTheTypeOfKeyThatIsKnown) {
  origin_.commit(files());
  GitRemote remote = over_ssh();
  for (const TestKey* key : {&server_.ed25519, &server_.ecdsa}) {
    remote.known_hosts = server_.known_hosts(*key);
    EXPECT_TRUE(mirror_.fetch(remote, nullptr).ok()) << key->type();
  }
}

TEST_F(Ssh, TheFileOfKnownHostsIsUsedWithoutLinesOfItsOwn) {
  origin_.commit(files());
  GitRemote remote = over_ssh();
  remote.known_hosts = "";
  const auto unknown = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "git.host_key");
  std::ofstream(folder_.path() / "known_hosts") << server_.known_hosts(server_.ecdsa) << "\n";
  EXPECT_TRUE(mirror_.fetch(remote, nullptr).ok());
}

TEST_F(Ssh, AnotherHostKeyIsRefusedBeforeTheKeyIsShown) {
  origin_.commit(files());
  GitRemote remote = over_ssh();
  remote.known_hosts = server_.known_hosts(TestKey(SSH_KEYTYPE_ED25519));
  const auto head = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.host_key");
  EXPECT_THAT(head.error().message, HasSubstr(server_.known_hosts(server_.ed25519)));
  EXPECT_THAT(head.error().message, HasSubstr("SHA256:"));
}

TEST_F(Ssh, AKeyThatIsNotLetInIsRefused) {
  origin_.commit(files());
  GitRemote remote = over_ssh();
  remote.secret = TestKey(SSH_KEYTYPE_ED25519).private_text();
  const auto stranger = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(stranger.ok());
  EXPECT_EQ(stranger.error().code, "git.credentials");
  EXPECT_THAT(stranger.error().message, HasSubstr("does not let \"git\" in"));

  remote.secret = "-----BEGIN NONSENSE-----\nAAAA\n-----END NONSENSE-----\n";
  const auto unreadable = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(unreadable.ok());
  EXPECT_EQ(unreadable.error().code, "git.credentials");
  EXPECT_THAT(unreadable.error().message + unreadable.error().detail, Not(HasSubstr("NONSENSE")));

  remote.kind = GitRemote::Secret::kNone;
  EXPECT_EQ(mirror_.fetch(remote, nullptr).error().code, "git.credentials");
}

TEST_F(Ssh, WhatTheServerSaysOfAMissingRepositoryIsTold) {
  GitRemote remote = over_ssh();
  remote.url.replace(remote.url.find("/jobs.git"), 9, "/gone.git");
  const auto head = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.unreachable");
  EXPECT_THAT(head.error().message, HasSubstr("fatal: no such repository"));
}

}  // namespace
}  // namespace windlass::sources
