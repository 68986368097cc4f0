#include <gmock/gmock.h>

#include "base/crypto.h"
#include "base/text.h"
#include "server/rest/test_api.h"

namespace windlass::rest {
namespace {

using ::testing::HasSubstr;

class WebhookTest : public ::testing::Test {
 protected:
  WebhookTest() {
    api_.add_sync_jobs();
    api_.add_repository("net", {{"webhook_secret", "hook"}});
    api_.add_repository("bare");
  }
  TestAnswer send(std::string_view body, http::NamedValues headers,
                  const std::string& repository = "net",
                  const std::string& type = "application/json") {
    headers.emplace_back("Content-Type", type);
    return api_.send_with(std::move(headers), "POST",
                          "/api/extras/git-repositories/" + repository + "/webhook/", body);
  }
  static http::NamedValues by_github(std::string_view body) {
    return {{"X-Hub-Signature-256", "sha256=" + hmac_sha256("hook", body)}};
  }
  std::string runs() { return api_.get("/api/extras/job-results/").text("count"); }

  static constexpr std::string_view kPush =
      R"({"ref": "refs/heads/main", "after": "9f2c", "repository": {"name": "net"}})";
  TestApi api_;
};

TEST_F(WebhookTest, APushOfTheBranchQueuesASyncOfNobody) {
  const TestAnswer taken = send(kPush, by_github(kPush));
  ASSERT_EQ(taken.status(), 202) << taken.response.body;
  const ClaimedRun run = api_.claim();
  EXPECT_EQ(run.result.id.to_string(), taken.text("job_result.id"));
  EXPECT_EQ(run.result.task_name, kSyncJob);
  EXPECT_EQ(run.result.user, std::nullopt);
  EXPECT_EQ(taken.body.as_object().size(), 2u) << "a stranger learns the id alone";
}

TEST_F(WebhookTest, WhatIsTakenAndAnsweredIsDescribed) {
  const TestAnswer document = api_.get("/api/swagger.json");
  const json::value* paths = find(document.body, "paths");
  ASSERT_NE(paths, nullptr);
  const json::value& post =
      paths->at("/api/extras/git-repositories/{repository}/webhook/").at("post");
  for (const char* status : {"200", "202"}) {
    EXPECT_NE(find(post.at("responses"), status), nullptr) << status;
  }
  for (const char* type : {"application/json", "application/x-www-form-urlencoded"}) {
    EXPECT_NE(find(post.at("requestBody").at("content"), type), nullptr) << type;
  }
}

TEST_F(WebhookTest, GiteaAndGitlabAreUnderstood) {
  EXPECT_EQ(send(kPush, {{"X-Gitea-Signature", hmac_sha256("hook", kPush)}}).status(), 202);
  api_.claim();
  EXPECT_EQ(send(kPush, {{"X-Gitlab-Token", "hook"}}).status(), 202);
  EXPECT_EQ(runs(), "2");
}

TEST_F(WebhookTest, PushesThatComeWhileASyncWaitsShareIt) {
  const TestAnswer first = send(kPush, by_github(kPush));
  const TestAnswer second = send(kPush, by_github(kPush));
  EXPECT_EQ(second.status(), 202);
  EXPECT_EQ(second.text("job_result.id"), first.text("job_result.id"));
  EXPECT_EQ(runs(), "1");
}

TEST_F(WebhookTest, WhoeverDoesNotKnowTheSecretIsRefusedAlike) {
  const std::string other = "sha256=" + hmac_sha256("other", kPush);
  const std::string empty = "sha256=" + hmac_sha256("", kPush);
  const TestAnswer wrong = send(kPush, {{"X-Hub-Signature-256", other}});
  EXPECT_EQ(wrong.status(), 403);
  EXPECT_EQ(wrong.text("code"), "git_repository.webhook_refused");
  for (const TestAnswer& refused :
       {send(kPush, {}), send(kPush, {{"X-Hub-Signature-256", empty}}, "bare"),
        send(kPush, {{"X-Gitlab-Token", ""}}, "bare"), send(kPush, by_github(kPush), "nobody"),
        send("{", by_github(kPush))}) {
    EXPECT_EQ(refused.response.body, wrong.response.body);
    EXPECT_EQ(refused.status(), 403);
  }
  EXPECT_EQ(runs(), "0");
}

TEST_F(WebhookTest, WhatIsNoPushOfTheBranchIsIgnored) {
  for (const std::string_view body :
       {R"({"zen": "Design for failure."})", R"({"ref": "refs/heads/other"})",
        R"({"ref": "refs/heads/main", "deleted": true})", R"({"ref": "main"})"}) {
    const TestAnswer ignored = send(body, by_github(body));
    EXPECT_EQ(ignored.status(), 200) << body;
    EXPECT_THAT(ignored.text("message"), HasSubstr("Ignored")) << body;
  }
  EXPECT_EQ(runs(), "0");
}

TEST_F(WebhookTest, AFormCarriesTheSameJson) {
  const std::string form = "payload=" + percent_encode(kPush);
  EXPECT_EQ(send(form, by_github(form), "net", "application/x-www-form-urlencoded").status(), 202);
  EXPECT_EQ(send("x=1", by_github("x=1"), "net", "application/x-www-form-urlencoded").status(),
            400);
  EXPECT_EQ(send(kPush, by_github(kPush), "net", "text/plain").status(), 415);
}

TEST_F(WebhookTest, DeliveriesHaveALimit) {
  const std::string large(5 << 20, ' ');
  EXPECT_EQ(send(large, by_github(large)).status(), 413);
}

}  // namespace
}  // namespace windlass::rest
