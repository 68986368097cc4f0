#include "engine/git_repositories.h"

#include <gmock/gmock.h>

#include "engine/test_home.h"
#include "model/job_source.h"

namespace windlass::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kKey = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----";

class GitRepositoriesTest : public testing::Test {
 protected:
  GitRepositoriesTest() {
    home_.add_worker({"default"});
    make_folder(home_.path() / "jobs").value();
  }

  RepositoryRules rules() {
    return {home_.path() / "jobs", {"my_app.sub"}, [](std::string_view url) -> Result<void> {
              if (url.find("://") != std::string_view::npos || url.find('@') != url.npos)
                return ok();
              return Error{"git.url", "It has no scheme."};
            }};
  }
  static json::object body(const json::object& more = {}) {
    json::object out{{"name", "Net"}, {"remote_url", "https://example.org/x.git"}};
    for (const auto& [name, value] : more) out[name] = value;
    return out;
  }
  GitRepository add(const json::object& more = {}) {
    auto added = repositories_.add(body(more));
    EXPECT_TRUE(added.ok()) << added.error().message;
    return added.value();
  }
  FieldErrors refused(const Result<GitRepository>& result) {
    EXPECT_EQ(result.error().code, "git_repository.invalid");
    return result.error().fields;
  }
  GitRepository stored(const GitRepository& repository) {
    return home_.storage().git_repositories().get(repository.id).value();
  }
  void add_own_job(std::string_view class_path) {
    Job job;
    job.name = job.class_path = class_path;
    job.enabled = true;
    job.has_sensitive_variables = false;
    job.source = kSystemSource;
    job.variables = parse_json(R"([{"name": "repository", "type": "ObjectVar", "required": true,
                                    "model": "extras.gitrepository"}])")
                        .value();
    home_.add_job(job);
  }

  FakeClock clock_;
  TestHome home_{clock_};
  GitRepositories repositories_{home_.storage(), clock_, home_.key(), rules()};
  NoChoices choices_;
  Submitter submitter_{home_.storage(), clock_, home_.key(), choices_, {}};
};

TEST_F(GitRepositoriesTest, AreFoundByIdSlugAndName) {
  const GitRepository added = add({{"slug", "net_jobs"}});
  for (const std::string& name :
       {added.id.to_string(), std::string("net_jobs"), std::string("Net")})
    EXPECT_EQ(repositories_.find(name)->id, added.id) << name;
  EXPECT_EQ(repositories_.find("other").error().code, "git_repository.not_found");
  EXPECT_THAT(repositories_.find("other").error().message, HasSubstr("repositories list"));
}

TEST_F(GitRepositoriesTest, WhatIsWrongIsToldOfAllFieldsAtOnce) {
  add();
  const FieldErrors errors =
      refused(repositories_.add({{"name", "Net"}, {"remote_url", "x"}, {"branch", "a b"}}));
  EXPECT_EQ(errors.size(), 4u);
  EXPECT_THAT(errors.at("name"), ElementsAre("A Git repository with this name already exists."));
  EXPECT_THAT(errors.at("slug"), ElementsAre("A Git repository with this slug already exists."));
  EXPECT_THAT(errors.at("remote_url"), ElementsAre("Enter a valid URL. It has no scheme."));
  EXPECT_TRUE(errors.contains("branch"));
}

TEST_F(GitRepositoriesTest, NamesOfOtherCodeAreTaken) {
  write_new_file(home_.path() / "jobs" / "backups.py", "", 0600).value();
  make_folder(home_.path() / "jobs" / "reports").value();
  for (const auto& [slug, why] :
       {std::pair{"json", "comes with Python"}, std::pair{"nautobot", "provides"},
        std::pair{"my_app", "setting apps"}, std::pair{"backups", "is a module in"},
        std::pair{"reports", "is a module in"}}) {
    const FieldErrors errors = refused(repositories_.add(body({{"slug", slug}})));
    EXPECT_THAT(errors.at("slug"), ElementsAre(HasSubstr(why))) << slug;
  }
}

TEST_F(GitRepositoriesTest, SecretsAreSealedAndReplaced) {
  const GitRepository added = add({{"token", "t0ken"}, {"webhook_secret", "hook"}});
  GitRepository now = stored(added);
  EXPECT_EQ(now.secret_kind, kTokenSecret);
  EXPECT_EQ(home_.key().open(now.secret).value(), "t0ken");
  EXPECT_EQ(home_.key().open(now.webhook_secret).value(), "hook");

  repositories_.change(added.id, {{"branch", "v2"}}).value();
  EXPECT_EQ(stored(added).secret, now.secret) << "what is left out stays";
  repositories_.change(added.id, {{"ssh_key", nullptr}}).value();
  EXPECT_EQ(stored(added).secret, now.secret) << "there was no key to remove";

  repositories_
      .change(added.id, {{"remote_url", "git@example.org:x.git"}, {"ssh_key", kKey}, {"token", ""}})
      .value();
  now = stored(added);
  EXPECT_EQ(now.secret_kind, kSshKeySecret);
  EXPECT_THAT(home_.key().open(now.secret).value(), StartsWith("-----BEGIN PRIVATE KEY"));

  repositories_.change(added.id, {{"ssh_key", ""}, {"webhook_secret", nullptr}}).value();
  now = stored(added);
  EXPECT_EQ(now.secret_kind, "");
  EXPECT_EQ(now.secret, "");
  EXPECT_EQ(now.webhook_secret, "");
}

TEST_F(GitRepositoriesTest, ASecretFitsItsUrl) {
  EXPECT_TRUE(refused(repositories_.add(body({{"ssh_key", kKey}}))).contains("ssh_key"));
  EXPECT_TRUE(
      refused(repositories_.add(body({{"remote_url", "git@example.org:x"}, {"token", "t"}})))
          .contains("token"));
  EXPECT_THAT(refused(repositories_.add(body({{"token", "t"}, {"ssh_key", kKey}}))).at("ssh_key"),
              ElementsAre(HasSubstr("not both")));
}

TEST_F(GitRepositoriesTest, AKeptSecretIsNotSentElsewhere) {
  const GitRepository added = add({{"token", "t0ken"}});
  repositories_.change(added.id, {{"remote_url", "https://EXAMPLE.org/y.git"}}).value();
  for (const char* url : {"https://example.com/x.git", "http://example.org/x.git",
                          "https://example.org:8443/x.git", "file:///x"}) {
    const FieldErrors errors = refused(repositories_.change(added.id, {{"remote_url", url}}));
    EXPECT_THAT(errors.at("remote_url"), ElementsAre(HasSubstr("https://example.org "))) << url;
  }
  const json::object moved{{"remote_url", "https://example.com/x.git"}, {"token", "other"}};
  EXPECT_TRUE(repositories_.change(added.id, moved).ok());
  const json::object removed{{"remote_url", "https://example.net/x.git"}, {"token", nullptr}};
  EXPECT_TRUE(repositories_.change(added.id, removed).ok());
  EXPECT_EQ(stored(added).secret_kind, "");
}

TEST_F(GitRepositoriesTest, ADeliveryIsTakenWithTheSecretAlone) {
  const GitRepository added = add({{"webhook_secret", "hook"}});
  repositories_.add(body({{"name", "Bare"}})).value();
  EXPECT_EQ(repositories_.find_signed("net", {.gitlab_token = "hook"})->id, added.id);
  for (const auto& [name, token] : {std::pair{"net", "other"}, std::pair{"net", ""},
                                    std::pair{"bare", ""}, std::pair{"nobody", "hook"}}) {
    const auto refused = repositories_.find_signed(name, {.gitlab_token = token});
    EXPECT_EQ(refused.error().code, "git_repository.webhook_refused") << name;
  }
}

TEST_F(GitRepositoriesTest, ASecretThatCannotBeOpenedRefusesDeliveriesAsAWrongOne) {
  const GitRepository added = add({{"webhook_secret", "hook"}});
  home_.storage()
      .git_repositories()
      .modify(added.id,
              [](GitRepository& repository) -> Result<void> {
                repository.webhook_secret = "damaged";
                return ok();
              })
      .value();
  const auto refused = repositories_.find_signed("net", {.gitlab_token = "hook"});
  EXPECT_EQ(refused.error().code, "git_repository.webhook_refused");
}

TEST_F(GitRepositoriesTest, AChangeIsCheckedLikeANewOne) {
  const GitRepository net = add();
  const GitRepository other =
      repositories_.add(body({{"name", "Other"}, {"branch", "main"}})).value();
  const FieldErrors errors =
      refused(repositories_.change(other.id, {{"remote_url", "x"}, {"poll_interval", -1}}));
  EXPECT_EQ(errors.size(), 2u);
  EXPECT_TRUE(refused(repositories_.change(other.id, {{"name", "Net"}})).contains("name"));
  EXPECT_EQ(stored(other).name, "Other");
  EXPECT_EQ(repositories_.change(new_id(clock_.now()), {}).error().code,
            "git_repository.not_found");
  repositories_.remove(net.id).value();
  EXPECT_EQ(repositories_.remove(net.id).error().code, "git_repository.not_found");
}

TEST_F(GitRepositoriesTest, ASyncIsARunOfItsJobAndKnowsItsRepository) {
  const GitRepository added = add();
  const User ada = home_.add_user("ada", true);
  EXPECT_EQ(request_sync(submitter_, added, false, ada).error().code, "git_repository.not_ready");
  add_own_job(kSyncJob);
  add_own_job(kDryRunJob);
  EXPECT_EQ(newest_sync(home_.storage(), added.id).value(), std::nullopt);
  const JobResult sync = request_sync(submitter_, added, false, ada).value();
  EXPECT_EQ(sync.task_name, kSyncJob);
  EXPECT_EQ(sync.git_repository, added.id);
  EXPECT_EQ(sync.user, ada.id);
  EXPECT_EQ(get_string(sync.task_kwargs, "repository"), added.id.to_string());
  const JobResult dry = request_sync(submitter_, added, true, ada).value();
  EXPECT_EQ(dry.task_name, kDryRunJob);
  EXPECT_EQ(newest_sync(home_.storage(), added.id).value()->id, sync.id);
  const JobResult by_itself = request_sync(submitter_, added, false, std::nullopt).value();
  EXPECT_EQ(by_itself.user, std::nullopt);
  EXPECT_EQ(newest_sync(home_.storage(), added.id).value()->id, by_itself.id);
  EXPECT_EQ(request_sync(submitter_, added, false, home_.add_user("bob", false)).error().code,
            "job.forbidden");
}

TEST_F(GitRepositoriesTest, OtherJobsWithSuchAnInputAreNoSyncs) {
  const GitRepository added = add();
  add_own_job(kSyncJob);
  Job job = home_.storage().jobs().find_by_class_path(kSyncJob).value();
  job.name = job.class_path = "my_group.Mine";
  job.source = kJobsRootSource;
  job = home_.add_job(job);
  RunRequest run;
  run.job = job.class_path;
  run.data = json::object{{"repository", "net"}};
  run.user = home_.add_user("ada", true);
  EXPECT_EQ(submitter_.submit(run)->git_repository, std::nullopt);
}

}  // namespace
}  // namespace windlass::engine
