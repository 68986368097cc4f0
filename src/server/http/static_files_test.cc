#include "server/http/static_files.h"

#include <gtest/gtest.h>

#include <string>

namespace windlass::http {
namespace {

using namespace std::string_view_literals;

/// gzip of "hello page\n".
constexpr std::string_view kPacked =
    "\x1f"
    "\x8b"
    "\x08"
    "\x00"
    "\x00"
    "\x00"
    "\x00"
    "\x00"
    "\x02"
    "\x03"
    "\xcb"
    "\x48"
    "\xcd"
    "\xc9"
    "\xc9"
    "\x57"
    "\x28"
    "\x48"
    "\x4c"
    "\x4f"
    "\xe5"
    "\x02"
    "\x00"
    "\x2b"
    "\x2c"
    "\x90"
    "\x3e"
    "\x0b"
    "\x00"
    "\x00"
    "\x00"sv;

class StaticFilesTest : public ::testing::Test {
 protected:
  Response get(std::string path, NamedValues headers = {{"Accept-Encoding", "br, gzip"}},
               std::string method = "GET") {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.headers = std::move(headers);
    return files_.serve(request);
  }
  StaticFiles files_{{{"index.html", kPacked, true},
                      {"assets/index-4f2a.js", kPacked, true},
                      {"favicon.png", "\x89PNG", false}}};
};

TEST_F(StaticFilesTest, WhatIsPackedGoesOutAsItLies) {
  const Response page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, kPacked);
  EXPECT_EQ(page.header("Content-Encoding"), "gzip");
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("Vary"), "Accept-Encoding");
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(page.header("Referrer-Policy"), "same-origin");
  EXPECT_EQ(page.header("Content-Security-Policy"),
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
}

TEST_F(StaticFilesTest, ClientsWithoutGzipGetItUnpacked) {
  for (const char* encoding : {"", "br", "gzip;q=0", "identity, gzip; q=0.0"}) {
    const Response page = get("/", {{"Accept-Encoding", encoding}});
    EXPECT_EQ(page.body, "hello page\n") << encoding;
    EXPECT_EQ(page.header("Content-Encoding"), "") << encoding;
  }
  for (const char* encoding : {"*", "GZIP", "gzip;q=0.5", "br;q=1, gzip ; q=0.001"}) {
    EXPECT_EQ(get("/", {{"Accept-Encoding", encoding}}).body, kPacked) << encoding;
  }
}

TEST_F(StaticFilesTest, AddressesOfThePageGetItsIndex) {
  for (const char* path : {"/jobs", "/jobs/my_group.MyNewJob", "/results/", "/a/b/c", "/%00"}) {
    EXPECT_EQ(get(path).body, kPacked) << path;
    EXPECT_EQ(get(path).header("Content-Type"), "text/html; charset=utf-8") << path;
  }
}

TEST_F(StaticFilesTest, AssetsAreKeptForAYear) {
  const Response script = get("/assets/index-4f2a.js");
  EXPECT_EQ(script.header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/favicon.png").header("Content-Type"), "image/png");
  EXPECT_EQ(get("/favicon.png").body, "\x89PNG");
  EXPECT_EQ(get("/favicon.png").header("Content-Encoding"), "");
}

TEST_F(StaticFilesTest, AnAssetThatIsGoneIsNotAPage) {
  EXPECT_EQ(get("/assets/index-0000.js").status, 404);
}

TEST_F(StaticFilesTest, WhatABrowserHasIsNotSentAgain) {
  const std::string tag(get("/").header("ETag"));
  const auto again = [&](std::string if_none_match, std::string encoding = "gzip") {
    return get("/", {{"Accept-Encoding", std::move(encoding)},
                     {"If-None-Match", std::move(if_none_match)}});
  };
  const Response same = again(tag);
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(same.header("ETag"), tag);
  EXPECT_EQ(same.header("Cache-Control"), "no-cache");
  EXPECT_EQ(again("\"x\", W/" + tag).status, 304);
  EXPECT_EQ(again("*").status, 304);
  EXPECT_EQ(again("\"x\"").status, 200);
  EXPECT_EQ(again(tag, "").status, 200) << "unpacked, it is another representation";
}

TEST_F(StaticFilesTest, PagesAreOnlyRead) {
  EXPECT_EQ(get("/", {}, "HEAD").status, 200);
  const Response refused = get("/jobs", {}, "POST");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "GET, HEAD");
}

}  // namespace
}  // namespace windlass::http
