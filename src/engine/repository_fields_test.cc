#include "engine/repository_fields.h"

#include <gmock/gmock.h>

namespace windlass::engine {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kKey =
    "-----BEGIN OPENSSH PRIVATE KEY-----\r\nb3BlbnNzaA==\r\n-----END OPENSSH PRIVATE KEY-----\r\n";

json::object body_of(std::string_view text) {
  return parse_json(text).value().as_object();
}

ReadRepository read_new(std::string_view text) {
  return read_repository(GitRepository{}, body_of(text));
}

/// One that is there already.
GitRepository known() {
  GitRepository repository;
  repository.id = new_id(from_micros(1));
  repository.name = "Net";
  repository.slug = "net";
  repository.remote_url = "https://example.org/x.git";
  repository.branch = "v2";
  repository.poll_interval = 60;
  return repository;
}

/// The messages of one member of an otherwise good body.
std::vector<std::string> messages(const std::string& member, const std::string& value) {
  json::object body = body_of(R"({"name": "Net", "remote_url": "https://example.org/x.git"})");
  body[member] = parse_json(value).value();
  ReadRepository read = read_repository(GitRepository{}, body);
  return read.errors[member];
}

TEST(RepositoryFields, ANewOneTakesDefaults) {
  const ReadRepository read =
      read_new(R"({"name": " My Net ", "remote_url": "https://example.org/x.git"})");
  EXPECT_THAT(read.errors, IsEmpty());
  EXPECT_EQ(read.repository.name, "My Net");
  EXPECT_EQ(read.repository.slug, "my_net");
  EXPECT_EQ(read.repository.branch, "main");
  EXPECT_EQ(read.repository.poll_interval, 0);
  EXPECT_EQ(to_text(read.repository.provided_contents), R"(["extras.job"])");
  EXPECT_FALSE(read.secrets.token);
}

TEST(RepositoryFields, EverythingWrongIsToldAtOnce) {
  const ReadRepository read = read_new(
      R"({"slug": "2x", "branch": "a b", "poll_interval": "soon", "tokn": "x", "python": "./py",
          "provided_contents": ["extras.configcontext"], "secrets_group": 1, "ssh_key": "x"})");
  EXPECT_EQ(read.errors.at("name"), std::vector<std::string>{"This field is required."});
  EXPECT_EQ(read.errors.at("remote_url"), std::vector<std::string>{"This field is required."});
  EXPECT_EQ(read.errors.at("tokn"), std::vector<std::string>{"There is no such field."});
  for (const char* field : {"slug", "branch", "poll_interval", "python", "provided_contents",
                            "secrets_group", "ssh_key"}) {
    EXPECT_TRUE(read.errors.contains(field)) << field;
  }
}

TEST(RepositoryFields, WhatIsLeftOutStays) {
  const GitRepository before = known();
  const ReadRepository read = read_repository(before, body_of(R"({"branch": "main"})"));
  EXPECT_THAT(read.errors, IsEmpty());
  EXPECT_EQ(read.repository.name, before.name);
  EXPECT_EQ(read.repository.branch, "main");
  EXPECT_EQ(read.repository.poll_interval, 60);
}

TEST(RepositoryFields, AnswersMayBeSentBack) {
  const ReadRepository read = read_repository(
      known(), body_of(R"({"id": "x", "slug": "net", "current_head": "aa", "tags": [],
                           "secrets_group": null, "has_secret": true, "custom_fields": {}})"));
  EXPECT_THAT(read.errors, IsEmpty());
  EXPECT_EQ(read.repository.current_head, "");
}

TEST(RepositoryFields, ASlugNeverChanges) {
  ReadRepository read = read_repository(known(), body_of(R"({"slug": "other", "name": "Other"})"));
  EXPECT_THAT(read.errors["slug"].at(0), HasSubstr("never changes"));
  EXPECT_EQ(read.repository.slug, "net");
}

TEST(RepositoryFields, ASlugIsAPythonPackage) {
  for (const char* wrong : {"\"2x\"", "\"net-jobs\"", "\"class\"", "\"../x\"", "\"net.jobs\""})
    EXPECT_THAT(messages("slug", wrong).at(0), HasSubstr("cannot be a Python package")) << wrong;
  EXPECT_THAT(messages("slug", "null"), IsEmpty());
  ReadRepository read = read_new(R"({"name": "!?", "remote_url": "https://example.org/x.git"})");
  EXPECT_THAT(read.errors["slug"].at(0), HasSubstr("give one"));
}

TEST(RepositoryFields, TextsAreChecked) {
  EXPECT_THAT(messages("name", "\" \"").at(0), HasSubstr("may not be blank"));
  EXPECT_THAT(messages("name", "null").at(0), HasSubstr("may not be null"));
  EXPECT_THAT(messages("name", "5").at(0), HasSubstr("Not a valid string"));
  EXPECT_THAT(messages("name", '"' + std::string(256, 'x') + '"').at(0), HasSubstr("255"));
  EXPECT_THAT(messages("username", R"("a\nb")").at(0), HasSubstr("Control characters"));
  EXPECT_THAT(messages("token", R"("a\nb")").at(0), HasSubstr("Control characters"));
  EXPECT_THAT(messages("known_hosts", R"("example.org ssh-rsa A\nb ssh-rsa B\n")"), IsEmpty());
  EXPECT_THAT(messages("python", "\"python3.11\""), IsEmpty());
  EXPECT_THAT(messages("python", "\"/opt/venv/bin/python\""), IsEmpty());
}

TEST(RepositoryFields, TextsAreUtf8) {
  for (const char* member : {"name", "remote_url", "slug", "branch", "username", "python", "token",
                             "ssh_key", "webhook_secret", "known_hosts"}) {
    json::object body{{"name", "Net"}, {"remote_url", "https://example.org/x.git"}};
    body[member] = "na\xffme";
    ReadRepository read = read_repository(GitRepository{}, body);
    EXPECT_THAT(read.errors[member], testing::Contains("Not a valid string.")) << member;
  }
}

TEST(RepositoryFields, PollingTakesSecondsOrNothing) {
  EXPECT_THAT(messages("poll_interval", "0"), IsEmpty());
  EXPECT_THAT(messages("poll_interval", "1.5"), IsEmpty());
  for (const char* wrong : {"-1", "0.5", "1e10", "true", "null", "\"60\""}) {
    EXPECT_EQ(messages("poll_interval", wrong).size(), 1u) << wrong;
  }
}

TEST(RepositoryFields, BranchesAreNamesThatGitTakes) {
  for (const char* good : {"main", "feature/x-1", "v1.0", "@x", "a@b"}) {
    EXPECT_EQ(reference_problem(good), "") << good;
  }
  for (const char* bad :
       {"",   "-x",  "/x", "x/", "a..b", "a b",  "x.lock", "a//b", "a/.b", "x~1",
        "x^", "a:b", "x?", "x*", "[x",   "a\\b", "x.",     "@",    "a@{1", "a\nb"}) {
    EXPECT_NE(reference_problem(bad), "") << bad;
  }
}

TEST(RepositoryFields, SecretsAreReadAndRemoved) {
  json::object body{{"token", " t0ken\n"}, {"ssh_key", to_json_view(kKey)}, {"webhook_secret", ""}};
  const ReadRepository read = read_repository(known(), body);
  EXPECT_THAT(read.errors, IsEmpty());
  EXPECT_EQ(read.secrets.token, "t0ken");
  EXPECT_EQ(read.secrets.ssh_key,
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE "
            "KEY-----\n");
  EXPECT_EQ(read.secrets.webhook_secret, "");
  EXPECT_EQ(read_repository(known(), body_of(R"({"token": null})")).secrets.token, "");
  EXPECT_THAT(messages("ssh_key", R"("ssh-ed25519 AAAA ada@host")").at(0),
              HasSubstr("private key"));
  EXPECT_THAT(messages("ssh_key", R"("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nx\n)"
                                  R"(-----END RSA PRIVATE KEY-----")")
                  .at(0),
              HasSubstr("passphrase"));
}

TEST(RepositoryFields, ADestinationIsWhereASecretIsSent) {
  EXPECT_EQ(destination_of("https://Example.org/x.git"), "https://example.org");
  EXPECT_EQ(destination_of("http://example.org:8080/x"), "http://example.org:8080");
  EXPECT_EQ(destination_of("git@example.org:x/y.git"), "ssh://example.org");
  EXPECT_EQ(destination_of("git@[::1]:x/y.git"), "ssh://[::1]");
  EXPECT_EQ(destination_of("git@[2001:db8::2]:x/y.git"), "ssh://[2001:db8::2]");
  EXPECT_EQ(destination_of("ssh://git@example.org:22/x/y.git"), "ssh://example.org");
  EXPECT_EQ(destination_of("ssh://git@example.org:2222/x"), "ssh://example.org:2222");
  EXPECT_EQ(destination_of("file:///srv/git/x"), "");
}

}  // namespace
}  // namespace windlass::engine
