#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>

#include "sources/git/test_repository.h"
#include "sources/git/test_server.h"

namespace windlass::sources {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Fetch : public TestMirror {
 protected:
  GitRemote over_http(const TestGitServer& server) const {
    GitRemote remote;
    remote.url = server.url();
    remote.branch = "main";
    return remote;
  }
  /// A mirror that gives a silent server up soon.
  GitMirror impatient() const {
    GitOptions soon = options();
    soon.timeout = 300ms;
    return GitMirror(soon, "netjobs");
  }
};

TEST_F(Fetch, OverHttp) {
  const std::string first = origin_.commit(files("x = 1"));
  origin_.commit(files("y = 1"), "other", true);
  const TestGitServer server(origin_.path());
  const auto head = mirror_.fetch(over_http(server), nullptr).value();
  EXPECT_EQ(head.commit, first);
  EXPECT_TRUE(mirror_.checkout(first).ok());
  const std::string second = origin_.commit(files("x = 2"));
  origin_.tag("v2", second, true);
  GitRemote tag = over_http(server);
  tag.branch = "v2";
  EXPECT_EQ(mirror_.fetch(tag, nullptr).value().commit, second);
  EXPECT_EQ(mirror_.changes(first, second).value().commits, 1);
  const std::string forced = origin_.commit(files("x = 3"), "main", true);
  EXPECT_EQ(mirror_.fetch(over_http(server), nullptr).value().commit, forced);
  EXPECT_EQ(content(mirror_.checkout(forced).value(), "netjobs/jobs.py"), "x = 3");
}

TEST_F(Fetch, ATokenIsShownOnlyWhenItIsAskedFor) {
  origin_.commit(files());
  TestGitServer server(origin_.path());
  GitRemote remote = over_http(server);
  remote.kind = GitRemote::Secret::kToken;
  remote.secret = "s3cr3t-tok3n";
  ASSERT_TRUE(mirror_.fetch(remote, nullptr).ok());
  EXPECT_THAT(server.shown_credentials(), IsEmpty());

  server.demanded = "deploy:s3cr3t-tok3n";
  const auto unnamed = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(unnamed.ok());
  EXPECT_EQ(unnamed.error().code, "git.credentials");
  remote.username = "deploy";
  ASSERT_TRUE(mirror_.fetch(remote, nullptr).ok());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home_)) {
    if (!entry.is_regular_file()) continue;
    EXPECT_THAT(read_file(entry.path()).value(), Not(HasSubstr("s3cr3t"))) << entry.path();
  }
}

TEST_F(Fetch, AWrongOrMissingTokenIsRefused) {
  origin_.commit(files());
  TestGitServer server(origin_.path());
  server.demanded = "deploy:right";
  const auto none = mirror_.fetch(over_http(server), nullptr);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, "git.credentials");
  EXPECT_THAT(none.error().message, HasSubstr("give the repository a token"));
  GitRemote wrong = over_http(server);
  wrong.kind = GitRemote::Secret::kToken;
  wrong.secret = "wr0ng";
  const auto refused = mirror_.fetch(wrong, nullptr);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "git.credentials");
  EXPECT_THAT(refused.error().message + refused.error().detail, Not(HasSubstr("wr0ng")));
}

TEST_F(Fetch, ARedirectToAnotherHostGetsNoToken) {
  origin_.commit(files());
  TestGitServer other(origin_.path());
  other.demanded = "git:s3cr3t";
  TestGitServer server(origin_.path());
  server.redirect =
      other.url("localhost")
          .replace(other.url("localhost").find("/jobs.git"), 9, "/moved.git/info/refs");
  GitRemote remote = over_http(server);
  remote.kind = GitRemote::Secret::kToken;
  remote.secret = "s3cr3t";
  EXPECT_FALSE(mirror_.fetch(remote, nullptr).ok());
  EXPECT_THAT(other.shown_credentials(), IsEmpty());

  server.redirect = "/moved.git/info/refs?service=git-upload-pack";
  EXPECT_TRUE(mirror_.fetch(remote, nullptr).ok()) << "a repository that was renamed";
}

TEST_F(Fetch, ARepositoryThatIsNotThereIsNamed) {
  const TestGitServer server(origin_.path());
  GitRemote remote = over_http(server);
  remote.url.resize(remote.url.size() - 8);
  remote.url += "nothing";
  const auto head = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.credentials");
  EXPECT_THAT(head.error().message, HasSubstr("does not exist"));
}

TEST_F(Fetch, NobodyListening) {
  GitRemote remote;
  remote.branch = "main";
  {
    const TestGitServer server(origin_.path());
    remote.url = server.url();
  }
  const auto head = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.unreachable");
  EXPECT_THAT(head.error().message, HasSubstr("127.0.0.1"));
}

TEST_F(Fetch, AServerThatStallsIsGivenUp) {
  origin_.commit(files());
  TestGitServer server(origin_.path());
  server.stalls_at_pack = true;
  GitMirror mirror = impatient();
  const auto head = mirror.fetch(over_http(server), nullptr);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.unreachable");
  EXPECT_THAT(head.error().message, HasSubstr("silent for 0.3 seconds"));
}

TEST_F(Fetch, AServerThatSaysNothingIsGivenUpInEveryProtocol) {
  const TestServer* self = nullptr;
  TestServer server([&](int) { self->wait_for_stop(); });
  self = &server;
  const std::string place = "127.0.0.1:" + std::to_string(server.port()) + "/jobs.git";
  for (const std::string& url : {"http://" + place, "https://" + place, "ssh://git@" + place}) {
    GitRemote remote;
    remote.url = url;
    remote.branch = "main";
    GitMirror mirror = impatient();
    const auto head = mirror.fetch(remote, nullptr);
    ASSERT_FALSE(head.ok()) << url;
    EXPECT_EQ(head.error().code, "git.unreachable") << url;
    EXPECT_THAT(head.error().message, HasSubstr("silent for 0.3 seconds")) << url;
  }
}

TEST_F(Fetch, IsCancelledWhileTheServerIsSilent) {
  origin_.commit(files());
  TestGitServer server(origin_.path());
  server.stalls_at_pack = true;
  int asked = 0;
  const auto head = mirror_.fetch(over_http(server), [&](std::string_view) { return ++asked < 3; });
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.cancelled");
}

TEST_F(Fetch, AHistoryThatIsTooLargeIsGivenUp) {
  TestFiles large = files();
  for (int i = 0; i < 200; ++i) {
    std::string noise;
    for (int j = 0; j < 200; ++j) noise += std::to_string((i + 7) * (j + 13) * 7919 % 104729);
    large["f" + std::to_string(i)] = {noise};
  }
  origin_.commit(large);
  const TestGitServer server(origin_.path());
  GitOptions small = options();
  small.fetch_limit = 10'000;
  GitMirror mirror(small, "netjobs");
  const auto head = mirror.fetch(over_http(server), nullptr);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.too_large");
}

/// A server whose certificate nobody has signed, by the program of OpenSSL.
class SelfSignedServer {
 public:
  SelfSignedServer() {
    const std::string at = folder_.path().string();
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
        "-nodes -days 2 -subj /CN=127.0.0.1 -addext "
        "subjectAltName=IP:127.0.0.1 -keyout '" +
        at + "/key' -out '" + at + "/certificate' 2> '" + at + "/log'";
    EXPECT_EQ(std::system(make.c_str()), 0) << read_file(folder_.path() / "log").value_or("");
    const std::string serve = "exec openssl s_server -accept 127.0.0.1:0 -key '" + at +
                              "/key' -cert '" + at + "/certificate' -www 2>&1";
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    output_ = UniqueFd(ends[0]);
    const UniqueFd other(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, other.get(), 1);
    std::string shell = "sh";
    std::string option = "-c";
    std::string text = serve;
    char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    EXPECT_EQ(::posix_spawnp(&child_, "sh", &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~SelfSignedServer() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  /// The port that it says it listens on.
  std::string port() const {
    std::string said;
    char c = 0;
    while (::read(output_.get(), &c, 1) == 1) {
      said.push_back(c);
      const auto at = said.find("ACCEPT 127.0.0.1:");
      if (at != std::string::npos && c == '\n')
        return std::string(strip(std::string_view(said).substr(at + 17)));
    }
    return "";
  }

 private:
  TemporaryFolder folder_ = TemporaryFolder::make().value();
  UniqueFd output_;
  pid_t child_ = -1;
};

TEST_F(Fetch, ACertificateThatNobodySignedIsNotTrusted) {
  const SelfSignedServer server;
  GitRemote remote;
  remote.url = "https://127.0.0.1:" + server.port() + "/jobs.git";
  remote.branch = "main";
  const auto head = mirror_.fetch(remote, nullptr);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.unreachable");
  EXPECT_THAT(head.error().message, HasSubstr("its TLS certificate is not valid"));
}

TEST_F(Fetch, APlainServerBehindHttpsIsNotTrusted) {
  origin_.commit(files());
  const TestGitServer server(origin_.path());
  GitRemote remote = over_http(server);
  remote.url.replace(0, 4, "https");
  GitMirror mirror = impatient();
  const auto head = mirror.fetch(remote, nullptr);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().code, "git.unreachable");
}

}  // namespace
}  // namespace windlass::sources
