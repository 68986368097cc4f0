#include "server/http/response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "server/http/response_head.h"

namespace windlass::http {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string head_of(const Response& response, const Framing& framing = {}) {
  std::string head;
  append_head(response, framing, "now", &head);
  return head;
}

TEST(ResponseHead, HasTheServersHeaders) {
  EXPECT_EQ(head_of(Response::text(200, "text/plain", "x"), {.content_length = 1}),
            "HTTP/1.1 200 OK\r\nDate: now\r\nServer: windlass\r\nContent-Type: text/plain\r\n"
            "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n"
            "Cache-Control: no-store\r\nContent-Length: 1\r\n\r\n");
}

TEST(ResponseHead, LeavesWhatTheResponseSets) {
  Response response;
  response.set("cache-control", "max-age=60").set("Connection", "upgrade").set("DATE", "never");
  response.set("Content-Length", "99");
  const std::string head = head_of(response);
  EXPECT_THAT(head, HasSubstr("cache-control: max-age=60\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("no-store")));
  EXPECT_THAT(head, Not(HasSubstr("upgrade")));
  EXPECT_THAT(head, Not(HasSubstr("never")));
  EXPECT_THAT(head, Not(HasSubstr("99")));
}

TEST(ResponseHead, SaysHowTheConnectionGoesOn) {
  EXPECT_THAT(head_of({}, {.keep_alive = false}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(head_of({}, {.http11 = false}), HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_THAT(head_of({}, {.chunked = true}), HasSubstr("Transfer-Encoding: chunked\r\n"));
}

TEST(ResponseHead, CannotBeSplitByAValue) {
  Response response;
  response.set("X-Name", "a\r\nSet-Cookie: evil\r\n\r\n<script>");
  EXPECT_THAT(head_of(response), HasSubstr("X-Name: a  Set-Cookie: evil    <script>\r\n"));
}

TEST(ResponseHead, WritesDates) {
  EXPECT_EQ(http_date(from_micros(784'111'777'999'999)), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Response, SetsHeadersInAnyCase) {
  Response response;
  response.set("ETag", "a").set("etag", "b");
  EXPECT_EQ(response.headers.size(), 1u);
  EXPECT_EQ(response.header("ETAG"), "b");
  EXPECT_EQ(response.header("Other"), "");
}

TEST(Response, QuotesErrors) {
  EXPECT_EQ(Response::error(400, "not \"so\"").body, R"({"detail":"not \"so\""})");
}

TEST(Response, NamesDownloadsSafely) {
  const Response response = Response::download({}, "text/csv", "a \"b\"\r\n\xC3\xA4.csv");
  EXPECT_EQ(response.header("Content-Disposition"),
            "attachment; filename*=UTF-8''a%20%22b%22%0D%0A%C3%A4.csv");
}

TEST(FileBody, OpensRegularFilesOnly) {
  const TemporaryFolder folder = TemporaryFolder::make().value();
  ASSERT_TRUE(write_new_file(folder.path() / "f", "12345", 0600).ok());
  const auto body = FileBody::open(folder.path() / "f");
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body->size, 5u);
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  for (const auto& path : {folder.path(), folder.path() / "none", folder.path() / "fifo"}) {
    const auto refused = FileBody::open(path);
    ASSERT_FALSE(refused.ok()) << path;
    EXPECT_EQ(refused.error().code, "http.file_unreadable");
  }
}

TEST(Event, HasIdNameAndLines) {
  std::string out;
  append_event(&out, "7", "log", "one\ntwo\r\n\rthree");
  EXPECT_EQ(out, "id: 7\nevent: log\ndata: one\ndata: two\ndata: \ndata: three\n\n");
  out.clear();
  append_event(&out, "", "", "");
  EXPECT_EQ(out, "data: \n\n");
}

TEST(Request, FindsHeadersAndQueryValues) {
  Request request;
  request.headers = {{"X-One", "1"}, {"x-one", "2"}};
  request.query = {{"a", "1"}, {"a", "2"}};
  EXPECT_EQ(request.header("X-ONE"), "1");
  EXPECT_EQ(request.header("X-Two"), "");
  EXPECT_EQ(request.query_value("a"), "1");
  EXPECT_FALSE(request.query_value("b"));
}

}  // namespace
}  // namespace windlass::http
