#include "sources/git/remote_url.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "sources/git/slug.h"

namespace windlass::sources {
namespace {

using Scheme = RemoteUrl::Scheme;

TEST(RemoteUrl, AllFormsAreRead) {
  const auto https = parse_remote_url("https://Git.Example.com:8443/net/jobs.git").value();
  EXPECT_EQ(https.scheme, Scheme::kHttps);
  EXPECT_EQ(https.host, "git.example.com");
  EXPECT_EQ(https.port, 8443);
  EXPECT_EQ(https.path, "/net/jobs.git");
  const auto brief = parse_remote_url("git@github.com:net/jobs.git").value();
  EXPECT_EQ(brief.scheme, Scheme::kSsh);
  EXPECT_EQ(brief.user, "git");
  EXPECT_EQ(brief.host, "github.com");
  EXPECT_EQ(brief.path, "net/jobs.git");
  const auto ssh = parse_remote_url("ssh://deploy@[::1]:2222/~/jobs").value();
  EXPECT_EQ(ssh.host, "::1");
  EXPECT_EQ(ssh.port, 2222);
  EXPECT_EQ(ssh.path, "/~/jobs");
  EXPECT_EQ(parse_remote_url("file:///srv/git/my%20jobs").value().path, "/srv/git/my jobs");
}

TEST(RemoteUrl, WhatCannotBeFetchedIsRefused) {
  for (const char* url : {"",
                          "jobs",
                          "/srv/git",
                          "host:path",
                          "ftp://host/x",
                          "ext::sh -c id",
                          "https://host",
                          "https://host/",
                          "https:///x",
                          "https://-oProxyCommand/x",
                          "ssh://-o@-host/x",
                          "https://host:0/x",
                          "https://host:99999/x",
                          "https://host:1x/x",
                          "git@host:a'b",
                          "ssh://git@host/a;id",
                          "https://host/a b",
                          "https://host/x?token=1",
                          "https://host/x#y",
                          "file://host/x",
                          "file://x",
                          "https://host/\x01"}) {
    const auto checked = check_remote_url(url, {"/"});
    ASSERT_FALSE(checked.ok()) << url;
    EXPECT_EQ(checked.error().code, "git.url") << url;
  }
}

TEST(RemoteUrl, CredentialsAreRefusedAndNeverShown) {
  for (const char* url :
       {"https://user:tok3n@host/x", "https://tok3n@host/x", "ssh://git:tok3n@host/x",
        "https://u:tok3n@x@host/x", "https://host/x?access_token=tok3n", "git:tok3n@host:x"}) {
    const auto checked = check_remote_url(url, {});
    ASSERT_FALSE(checked.ok()) << url;
    EXPECT_EQ(checked.error().message.find("tok3n"), std::string::npos) << checked.error().message;
    EXPECT_EQ(shown_url(url).find("tok3n"), std::string::npos) << shown_url(url);
  }
  EXPECT_EQ(shown_url("https://u:p@host/a@b"), "https://host/a@b");
  EXPECT_EQ(shown_url("git@host:net/jobs"), "host:net/jobs");
}

TEST(RemoteUrl, FilesLieBeneathTheRoots) {
  const auto folder = TemporaryFolder::make().value();
  const auto root = folder.path() / "allowed";
  std::filesystem::create_directories(root / "jobs");
  std::filesystem::create_directory_symlink("/etc", root / "link");
  const std::string at = "file://" + root.string();
  EXPECT_TRUE(check_remote_url(at + "/jobs", {root}).ok());
  for (const std::string& url : {at + "/../other", at + "/%2e%2e/other", at + "/link/x",
                                 at + "-not/jobs", std::string("file:///etc")}) {
    EXPECT_FALSE(check_remote_url(url, {root}).ok()) << url;
  }
  EXPECT_FALSE(check_remote_url(at + "/jobs", {}).ok());
}

TEST(CommitLink, LeadsToThePageOfKnownHosts) {
  EXPECT_EQ(commit_link("git@github.com:net/jobs.git", "abc"),
            "https://github.com/net/jobs/commit/abc");
  EXPECT_EQ(commit_link("https://gitlab.example.com:8443/a/b/jobs", "abc"),
            "https://gitlab.example.com:8443/a/b/jobs/-/commit/abc");
  EXPECT_EQ(commit_link("ssh://git@codeberg.org:2222/net/jobs/", "abc"),
            "https://codeberg.org/net/jobs/commit/abc");
  EXPECT_EQ(commit_link("http://gitea.lan:3000/net/jobs.git", "abc"),
            "http://gitea.lan:3000/net/jobs/commit/abc");
  EXPECT_EQ(commit_link("https://bitbucket.org/net/jobs.git", "abc"),
            "https://bitbucket.org/net/jobs/commits/abc");
  for (const char* unknown : {"https://example.com/net/jobs", "file:///srv/github/jobs", "nonsense",
                              "https://example.com/github.com/jobs"}) {
    EXPECT_EQ(commit_link(unknown, "abc"), "") << unknown;
  }
  EXPECT_EQ(commit_link("https://github.com/net/jobs", ""), "");
}

TEST(Slug, IsAPackageName) {
  for (const char* good : {"netjobs", "Net_Jobs2", "a"}) EXPECT_TRUE(is_slug(good)) << good;
  for (const char* bad : {"", "2jobs", "net-jobs", "net.jobs", "_x", "__init__", "class", "None",
                          "..", "a/b", "caf\xc3\xa9", "a b"}) {
    EXPECT_FALSE(is_slug(bad)) << bad;
  }
  EXPECT_FALSE(is_slug(std::string(101, 'a')));
}

TEST(Slug, IsMadeOfAName) {
  EXPECT_EQ(slug_of("Net Jobs (prod)"), "net_jobs_prod");
  EXPECT_EQ(slug_of("2024 jobs"), "repository_2024_jobs");
  EXPECT_EQ(slug_of("class"), "repository_class");
  EXPECT_EQ(slug_of("???"), "");
  EXPECT_TRUE(is_slug(slug_of(std::string(300, 'x'))));
}

}  // namespace
}  // namespace windlass::sources
