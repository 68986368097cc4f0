#include "server/rest/run_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <tuple>
#include <vector>

namespace windlass::rest {
namespace {

http::Request request_with(std::string type, std::string body) {
  http::Request request;
  if (!type.empty()) request.headers.emplace_back("Content-Type", std::move(type));
  request.body = std::move(body);
  return request;
}

Result<RunBody> json_body(std::string body) {
  return read_run_body(request_with("application/json; charset=utf-8", std::move(body)));
}

TEST(RunBody, IsEmptyOrJson) {
  EXPECT_TRUE(read_run_body(request_with("", ""))->data.is_null());
  const auto body = json_body(
      R"({"data": {"a": 1}, "job_queue": "fast", "ignore_singleton_lock": true, "mine": []})");
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(to_text(body->data), R"({"a":1})");
  EXPECT_EQ(body->queue, "fast");
  EXPECT_EQ(body->interval, "");
  EXPECT_TRUE(body->ignore_singleton_lock);
}

TEST(RunBody, QueuesAreNamedInManyWays) {
  EXPECT_EQ(json_body(R"({"task_queue": "a"})")->queue, "a");
  EXPECT_EQ(json_body(R"({"job_queue": null, "task_queue": "a"})")->queue, "a");
  EXPECT_EQ(json_body(R"({"job_queue": {"name": "b"}})")->queue, "b");
  EXPECT_EQ(json_body(R"({"job_queue": {"id": "c", "name": "b"}})")->queue, "c");
  EXPECT_EQ(json_body(R"({"job_queue": 5})").error().code, "rest.invalid");
}

TEST(RunBody, SchedulesNeedAnInterval) {
  EXPECT_EQ(json_body(R"({"schedule": null})")->interval, "");
  EXPECT_EQ(json_body(R"({"schedule": {"interval": "daily"}})")->interval, "daily");
  EXPECT_EQ(json_body(R"({"schedule": {"name": "x"}})").error().code, "rest.schedule_interval");
  EXPECT_EQ(json_body(R"({"schedule": "daily"})").error().code, "rest.invalid");
}

TEST(RunBody, IsRefusedWhenItIsNoObject) {
  EXPECT_EQ(json_body("[1]").error().code, "rest.not_an_object");
  EXPECT_EQ(json_body("{").error().code, "json.invalid");
  EXPECT_EQ(read_run_body(request_with("text/plain", "x")).error().code,
            "rest.unsupported_media_type");
  EXPECT_EQ(read_run_body(request_with("", "{}")).error().code, "rest.unsupported_media_type");
}

TEST(RunBody, FormsHoldVariablesBesideTheRunsOwnFields) {
  const auto body =
      read_run_body(request_with("application/x-www-form-urlencoded",
                                 "text=a+b&many=1&many=2&many=3&_job_queue=fast&_schedule_interval="
                                 "immediately&_schedule_name=x&_ignore_singleton_lock=true"));
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(to_text(body->data), R"({"text":"a b","many":["1","2","3"]})");
  EXPECT_EQ(body->queue, "fast");
  EXPECT_EQ(body->interval, "immediately");
  EXPECT_TRUE(body->ignore_singleton_lock);
}

TEST(RunBody, MultipartIsTheSame) {
  const std::string text =
      "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"_task_queue\"\r\n\r\nslow\r\n--x--\r\n";
  const auto body = read_run_body(request_with("multipart/form-data; boundary=x", text));
  ASSERT_TRUE(body.ok()) << body.error().message;
  EXPECT_EQ(to_text(body->data), R"({"text":"hello"})");
  EXPECT_EQ(body->queue, "slow");
}

/// A multipart body of these parts; a part with a file name is a file.
Result<RunBody> multipart_body(
    const std::vector<std::tuple<std::string, std::optional<std::string>, std::string>>& parts) {
  std::string text;
  for (const auto& [name, filename, content] : parts) {
    text += "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"";
    if (filename) text += "; filename=\"" + *filename + "\"";
    text += "\r\n\r\n" + content + "\r\n";
  }
  return read_run_body(request_with("multipart/form-data; boundary=x", text + "--x--\r\n"));
}

TEST(RunBody, MultipartHoldsFilesToo) {
  const auto body = multipart_body({{"hosts", "../../etc/hosts.csv", std::string("a\0b\xff", 4)},
                                    {"empty", "e.txt", ""},
                                    {"left_out", "", ""},
                                    {"text", std::nullopt, "hello"},
                                    {"data", std::nullopt, "{}"},
                                    {"_job_queue", std::nullopt, "fast"},
                                    {"_schedule_interval", std::nullopt, "immediately"},
                                    {"_ignore_singleton_lock", std::nullopt, "on"}});
  ASSERT_TRUE(body.ok()) << body.error().message;
  EXPECT_EQ(to_text(body->data), R"({"text":"hello","data":"{}"})");
  EXPECT_EQ(body->queue, "fast");
  EXPECT_EQ(body->interval, "immediately");
  EXPECT_TRUE(body->ignore_singleton_lock);
  ASSERT_EQ(body->files.size(), 2u);
  EXPECT_EQ(body->files.at("hosts").name, "hosts.csv");
  EXPECT_EQ(body->files.at("hosts").content, std::string("a\0b\xff", 4));
  EXPECT_EQ(body->files.at("empty").content, "");
}

TEST(RunBody, AVariableTakesOneFile) {
  const auto body = multipart_body({{"f", "a", "1"},
                                    {"f", "b", "2"},
                                    {"g", "a", "1"},
                                    {"g", std::nullopt, "text"},
                                    {"h", "a", "1"}});
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.error().code, "job.inputs");
  EXPECT_EQ(body.error().fields,
            (FieldErrors{{"f", {"Send one file."}}, {"g", {"Send a file or a text, not both."}}}));
}

TEST(RunBody, FilesAreLimitedInNumber) {
  std::vector<std::tuple<std::string, std::optional<std::string>, std::string>> parts;
  for (int i = 0; i < 16; ++i) parts.emplace_back("f" + std::to_string(i), "a", "1");
  EXPECT_TRUE(multipart_body(parts).ok());
  parts.emplace_back("f16", "a", "1");
  EXPECT_EQ(multipart_body(parts).error().code, "file.too_many");
}

}  // namespace
}  // namespace windlass::rest
