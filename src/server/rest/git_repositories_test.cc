#include <gmock/gmock.h>

#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kAll = "/api/extras/git-repositories/";

class GitRepositoriesRest : public ::testing::Test {
 protected:
  GitRepositoriesRest() { api_.add_sync_jobs(); }
  TestAnswer add(const std::string& body) { return api_.send("POST", kAll, body); }

  TestApi api_;
};

TEST_F(GitRepositoriesRest, AreAddedFoundChangedAndDeleted) {
  const TestAnswer added = add(R"({"name": "My Net", "remote_url": "https://github.com/ada/net.git",
              "poll_interval": 60, "token": "t0ken", "webhook_secret": "hook"})");
  ASSERT_EQ(added.status(), 201) << added.response.body;
  EXPECT_EQ(added.text("slug"), "my_net");
  EXPECT_EQ(added.text("branch"), "main");
  EXPECT_EQ(added.text("secret_kind"), "token");
  EXPECT_EQ(added.at("has_secret"), true);
  EXPECT_EQ(added.at("has_webhook_secret"), true);
  EXPECT_TRUE(added.at("last_sync").is_null());
  EXPECT_TRUE(added.at("commit_url").is_null());
  EXPECT_EQ(api_.edited, 1);
  for (const std::string& name : {added.text("id"), std::string("my_net"), std::string("My%20Net")})
    EXPECT_EQ(api_.get(kAll + name + "/").text("id"), added.text("id")) << name;
  EXPECT_EQ(api_.get(kAll + "other/").status(), 404);
  EXPECT_EQ(api_.get(kAll + "other/").text("detail"), "No GitRepository matches the given query.");

  const TestAnswer patched =
      api_.send("PATCH", kAll + "my_net/", R"({"branch": "v2", "token": null})");
  EXPECT_EQ(patched.text("branch"), "v2");
  EXPECT_EQ(patched.text("poll_interval"), added.text("poll_interval"));
  EXPECT_EQ(patched.at("has_secret"), false);
  const TestAnswer bare = api_.send("PUT", kAll + "my_net/", R"({"branch": "v3"})");
  EXPECT_EQ(bare.status(), 400);
  EXPECT_EQ(bare.text("name.0"), "This field is required.");
  EXPECT_EQ(bare.text("remote_url.0"), "This field is required.");
  const TestAnswer put =
      api_.send("PUT", kAll + "my_net/",
                R"({"name": "Net", "remote_url": "https://github.com/ada/net2.git"})");
  EXPECT_EQ(put.text("name"), "Net");
  EXPECT_EQ(put.text("slug"), "my_net");
  EXPECT_EQ(put.text("branch"), "v2");

  EXPECT_EQ(api_.send("DELETE", kAll + "my_net/").status(), 204);
  EXPECT_EQ(api_.get(kAll + "my_net/").status(), 404);
  EXPECT_EQ(api_.edited, 4);
}

TEST_F(GitRepositoriesRest, RefusalsNameEveryField) {
  api_.add_repository("net");
  const TestAnswer refused = add(R"({"name": "net", "remote_url": "x", "colour": "red"})");
  EXPECT_EQ(refused.status(), 400);
  for (const char* field : {"name", "slug", "remote_url", "colour"})
    EXPECT_NE(refused.text(std::string(field) + ".0"), "(missing)") << field;
  EXPECT_THAT(refused.text("remote_url.0"), ::testing::StartsWith("Enter a valid URL."));
  EXPECT_EQ(add("[1]").text("non_field_errors.0"),
            "Invalid data. Expected a dictionary, but got list.");
  EXPECT_EQ(api_.send("PATCH", kAll + "net/", R"({"slug": "other"})").status(), 400);
}

TEST_F(GitRepositoriesRest, SecretsAreShownNowhere) {
  const std::string key = R"("-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n")";
  const TestAnswer wrong =
      add(R"({"name": "net", "remote_url": "https://example.org/x.git", "ssh_key": )" + key + "}");
  EXPECT_EQ(wrong.status(), 400);
  const TestAnswer added = add(R"({"name": "net", "remote_url": "https://example.org/x.git",
                                   "token": "hunter2", "webhook_secret": "hunter2"})");
  ASSERT_EQ(added.status(), 201);
  const std::string sealed = api_.home.storage().git_repositories().find("net")->secret;
  for (const std::string& body :
       {wrong.response.body, added.response.body, api_.get(kAll + "net/").response.body,
        api_.get(kAll + "?format=csv").response.body,
        api_.send("PATCH", kAll + "net/", R"({"token": "hunter22"})").response.body}) {
    EXPECT_THAT(body, Not(HasSubstr("hunter2")));
    EXPECT_THAT(body, Not(HasSubstr(sealed)));
  }
}

TEST_F(GitRepositoriesRest, ARecordThatIsNoUtf8SpoilsNoList) {
  const GitRepository repository = api_.add_repository("net");
  ASSERT_TRUE(api_.home.storage()
                  .git_repositories()
                  .modify(repository.id,
                          [](GitRepository& changed) {
                            changed.username = "na\xffme";
                            return ok();
                          })
                  .ok());
  api_.add_repository("other");
  EXPECT_EQ(api_.get(kAll + "?format=csv").status(), 200);
  const TestAnswer all = api_.get(kAll);
  ASSERT_EQ(all.status(), 200);
  EXPECT_EQ(all.text("results.0.username"), "na\xEF\xBF\xBDme");
  EXPECT_EQ(all.text("results.1.slug"), "other");
}

TEST_F(GitRepositoriesRest, ListsFilterSortAndSearch) {
  for (const char* name : {"b", "a", "c"}) api_.add_repository(name);
  const TestAnswer all = api_.get(kAll);
  EXPECT_EQ(all.text("count"), "3");
  EXPECT_EQ(all.text("results.0.name"), "a");
  EXPECT_EQ(api_.get(kAll + "?sort=-name&limit=1").text("results.0.name"), "c");
  EXPECT_EQ(api_.get(kAll + "?slug=b").text("results.0.name"), "b");
  EXPECT_EQ(api_.get(kAll + "?q=ada/b").text("count"), "1");
  EXPECT_EQ(api_.get(kAll + "?secret=x").status(), 400);
  EXPECT_THAT(api_.get(kAll + "?format=csv").response.body, HasSubstr("remote_url"));
}

TEST_F(GitRepositoriesRest, SyncsAreRunsThatTheHistoryLists) {
  const GitRepository net = api_.add_repository("net");
  api_.add_repository("other");
  api_.submit(api_.add_job("J"));
  const TestAnswer sync = api_.send("POST", kAll + "net/sync/", "{}");
  ASSERT_EQ(sync.status(), 200) << sync.response.body;
  EXPECT_EQ(sync.text("message"), "Repository net sync job added to queue.");
  EXPECT_EQ(sync.text("job_result.git_repository.id"), net.id.to_string());
  EXPECT_EQ(sync.text("job_result.user.id"), api_.user.id.to_string());
  const TestAnswer dry = api_.send("POST", kAll + "net/dry-run/");
  EXPECT_EQ(dry.text("message"), "Repository net dry-run job added to queue.");
  EXPECT_EQ(dry.text("job_result.name"), "Git Repository: Dry Run");

  for (const std::string& name : {net.id.to_string(), std::string("net")}) {
    const TestAnswer history = api_.get("/api/extras/job-results/?git_repository=" + name);
    EXPECT_EQ(history.text("count"), "2") << name;
    EXPECT_EQ(history.text("results.0.id"), dry.text("job_result.id"));
  }
  EXPECT_EQ(api_.get("/api/extras/job-results/?git_repository=other").text("count"), "0");
  EXPECT_EQ(api_.get("/api/extras/job-results/?git_repository=nobody").status(), 400);
  const TestAnswer shown = api_.get(kAll + "net/");
  EXPECT_EQ(shown.text("last_sync.id"), sync.text("job_result.id"));
  EXPECT_EQ(shown.text("last_sync.status"), "PENDING");
  EXPECT_EQ(api_.get("/api/extras/job-results/" + sync.text("job_result.id") + "/?depth=1")
                .text("git_repository.slug"),
            "net");
  EXPECT_EQ(api_.send("POST", kAll + "nobody/sync/").status(), 404);
}

TEST_F(GitRepositoriesRest, WithoutTheJobsThatSyncNothingIsQueued) {
  TestApi api;
  api.add_repository("net");
  const TestAnswer sync = api.send("POST", kAll + "net/sync/");
  EXPECT_EQ(sync.status(), 503);
  EXPECT_THAT(sync.text("detail"), HasSubstr("windlass migrate"));
}

TEST_F(GitRepositoriesRest, CommitsHaveLinksWhereTheHostHasPages) {
  const GitRepository net = api_.add_repository("net");
  const auto set_head = [](GitRepository& repository) -> Result<void> {
    repository.current_head = "abc123";
    return ok();
  };
  api_.home.storage().git_repositories().modify(net.id, set_head).value();
  const std::string link = "https://github.com/ada/net/commit/abc123";
  EXPECT_EQ(api_.get(kAll + "net/").text("commit_url"), link);
  Job job = api_.add_job("J");
  const auto set_source = [](Job& record) -> Result<void> {
    record.source = "git:net";
    record.source_version = "abc123";
    return ok();
  };
  job = api_.home.storage().jobs().modify(job.id, set_source).value();
  EXPECT_EQ(api_.get("/api/extras/jobs/J/").text("source"), "git:net");
  const JobResult waiting = api_.submit(job);
  const std::string path = "/api/extras/job-results/" + waiting.id.to_string() + "/";
  EXPECT_TRUE(api_.get(path).at("source_url").is_null()) << "not known before it runs";
  const ClaimedRun run = api_.claim();
  WorkRequest request;
  request.worker = api_.worker.id;
  request.writes = {{.number = run.result.number,
                     .lease_token = run.lease_token,
                     .events = {},
                     .progress = {},
                     .source_version = "abc123",
                     .outcome = {}}};
  api_.home.storage().results().exchange(request).value();
  EXPECT_EQ(api_.get(path).text("source_url"), link);

  const TestAnswer sources = api_.get("/api/extras/job-sources/");
  EXPECT_EQ(sources.text("1.name"), "git:net");
  EXPECT_EQ(sources.text("1.version"), "abc123");
  EXPECT_EQ(sources.text("1.version_url"), link);
  EXPECT_EQ(sources.text("1.git_repository.id"), net.id.to_string());
  EXPECT_EQ(sources.text("1.jobs"), "1");
  EXPECT_EQ(sources.text("2.name"), "app:my_app");
  EXPECT_TRUE(sources.at("2.git_repository").is_null());

  // The link is that of the commit: the repository may move, or go.
  const std::string elsewhere = R"({"remote_url": "https://gitlab.com/ada/net.git"})";
  ASSERT_EQ(api_.send("PATCH", kAll + "net/", elsewhere).status(), 200);
  EXPECT_EQ(api_.get(path).text("source_url"), link);
  EXPECT_EQ(api_.get(kAll + "net/").text("commit_url"), link) << "nothing was fetched from there";
  ASSERT_EQ(api_.send("DELETE", kAll + "net/").status(), 204);
  EXPECT_EQ(api_.get(path).text("source_url"), link);
}

TEST_F(GitRepositoriesRest, OnlySuperusersComeNear) {
  api_.add_repository("net");
  for (const auto& [method, path] :
       {std::pair{"GET", ""}, std::pair{"POST", ""}, std::pair{"GET", "net/"},
        std::pair{"PATCH", "net/"}, std::pair{"DELETE", "net/"}, std::pair{"POST", "net/sync/"}}) {
    EXPECT_EQ(api_.send_with({}, method, kAll + path).status(), 403) << method << " " << path;
  }
}

}  // namespace
}  // namespace windlass::rest
