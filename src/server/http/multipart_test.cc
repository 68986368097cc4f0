#include "server/http/multipart.h"

#include <gtest/gtest.h>

#include <random>

#include "base/text.h"

namespace windlass::http {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=XyZ";

std::string code_of(const Result<std::vector<Part>>& result) {
  return result.ok() ? "ok" : result.error().code;
}

TEST(Multipart, ReadsFieldsAndFiles) {
  const std::string body =
      "--XyZ\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nline one\r\nline two\r\n"
      "--XyZ\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".txt\"\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nX-Other: 1\r\n\r\n\r\n--Xy not a boundary\r\n\r\n"
      "--XyZ--\r\n";
  const auto parts = parse_multipart(kType, body);
  ASSERT_TRUE(parts.ok()) << parts.error().message;
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].name, "note");
  EXPECT_FALSE((*parts)[0].filename);
  EXPECT_EQ((*parts)[0].content, "line one\r\nline two");
  EXPECT_EQ((*parts)[1].name, "file");
  EXPECT_EQ((*parts)[1].filename, "a \"b\".txt");
  EXPECT_EQ((*parts)[1].content_type, "text/plain; charset=utf-8");
  EXPECT_EQ((*parts)[1].content, "\r\n--Xy not a boundary\r\n");
}

TEST(Multipart, ReadsEmptyPartsPreambleAndEpilogue) {
  const std::string body =
      "ignored\r\n--XyZ \t\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--XyZ\r\n"
      "Content-Disposition: form-data; name=b\r\n\r\n--XyZ--ignored too";
  const auto parts = parse_multipart(kType, body);
  ASSERT_TRUE(parts.ok()) << parts.error().message;
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].content, "");
  EXPECT_EQ((*parts)[1].name, "b");
  EXPECT_EQ((*parts)[1].content, "");
  EXPECT_TRUE(parse_multipart(kType, "--XyZ--\r\n")->empty());
}

TEST(Multipart, ReadsNamesAsBrowsersSendThem) {
  const auto parts =
      parse_multipart("Multipart/Form-Data; charset=x; BOUNDARY=\"a b\"",
                      "--a b\r\nContent-Disposition: form-data; name=\"50% %22x%22\"; "
                      "filename=\"C:\\dir\\f;.txt\"\r\n\r\n1\r\n"
                      "--a b\r\nContent-Disposition: form-data; name=u; filename=x; "
                      "filename*=UTF-8''%c3%a4\r\n\r\n2"
                      "\r\n--a b--");
  ASSERT_TRUE(parts.ok()) << parts.error().message;
  EXPECT_EQ((*parts)[0].name, "50% \"x\"");
  EXPECT_EQ((*parts)[0].filename, "C:\\dir\\f;.txt");
  EXPECT_EQ((*parts)[1].filename, "\xC3\xA4");
}

TEST(Multipart, RefusesOtherContentTypes) {
  for (const std::string_view type :
       {"", "application/json", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"x", "multipart/mixed; boundary=XyZ"}) {
    EXPECT_EQ(code_of(parse_multipart(type, "--XyZ--")), "multipart.no_boundary") << type;
  }
  const std::string longer(71, 'b');
  EXPECT_EQ(code_of(parse_multipart("multipart/form-data; boundary=" + longer, "")),
            "multipart.no_boundary");
}

TEST(Multipart, RefusesDamage) {
  const std::string head = "--XyZ\r\nContent-Disposition: form-data; name=a\r\n";
  for (const std::string& body :
       {std::string(), std::string("--Xy"), std::string("--XyZ"), "--XyZtext" + head, head,
        head + "\r\n", head + "\r\nvalue", head + "no colon\r\n\r\n\r\n--XyZ--",
        head + "Content-Disposition: form-data; name=b\r\n\r\n\r\n--XyZ--",
        std::string("--XyZ\r\n\r\nvalue\r\n--XyZ--"),
        std::string("--XyZ\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--XyZ--"),
        std::string("--XyZ\r\nContent-Disposition: form-data\r\n\r\n\r\n--XyZ--")}) {
    EXPECT_EQ(code_of(parse_multipart(kType, body)), "multipart.invalid") << body;
  }
}

TEST(Multipart, KeepsItsLimits) {
  std::string body;
  for (int i = 0; i < 3; ++i) {
    body += "--XyZ\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
  }
  body += "--XyZ--";
  EXPECT_TRUE(parse_multipart(kType, body, {.parts = 3}).ok());
  EXPECT_EQ(code_of(parse_multipart(kType, body, {.parts = 2})), "multipart.too_many_parts");
  const std::size_t header = std::string_view("Content-Disposition: form-data; name=a").size();
  EXPECT_TRUE(parse_multipart(kType, body, {.header_bytes = header}).ok());
  EXPECT_EQ(code_of(parse_multipart(kType, body, {.header_bytes = header - 1})),
            "multipart.header_too_large");
}

/// Random parts, of bytes that are likely to confuse a parser.
std::vector<std::pair<std::string, std::string>> random_fields(std::mt19937& random) {
  const std::vector<std::string> pieces = {"\r\n", "--", "XyZ", "\r",       "\n",
                                           "-",    "a",  "\"",  "\r\n--Xy", ""};
  std::vector<std::pair<std::string, std::string>> fields(random() % 5);
  for (auto& [name, content] : fields) {
    name = "n" + std::to_string(random() % 100);
    for (auto count = random() % 12; count > 0; --count)
      content += pieces[random() % pieces.size()];
    if (("\r\n" + content + "\r\n").find("\r\n--XyZ") != std::string::npos) content = "harmless";
  }
  return fields;
}

std::string encode(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string body;
  for (const auto& [name, content] : fields) {
    body +=
        "--XyZ\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
  }
  return body + "--XyZ--\r\n";
}

TEST(Multipart, GivesBackWhatWasEncoded) {
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    const auto fields = random_fields(random);
    const std::string body = encode(fields);
    const auto parts = parse_multipart(kType, body);
    ASSERT_TRUE(parts.ok()) << parts.error().message << "\n" << body;
    ASSERT_EQ(parts->size(), fields.size()) << body;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      EXPECT_EQ((*parts)[i].name, fields[i].first);
      EXPECT_EQ((*parts)[i].content, fields[i].second);
    }
  }
}

TEST(Multipart, SurvivesMutations) {
  std::mt19937 random(11);
  const std::string alphabet = std::string("\r\n-XyZ\"\\;=:% a\xFF") + '\0';
  for (int round = 0; round < 20000; ++round) {
    std::string body = encode(random_fields(random));
    for (auto count = 1 + random() % 6; count > 0 && !body.empty(); --count) {
      const std::size_t at = random() % body.size();
      switch (random() % 4) {
        case 0:
          body.erase(at, 1 + random() % 8);
          break;
        case 1:
          body.insert(at, 1, alphabet[random() % alphabet.size()]);
          break;
        case 2:
          body[at] = alphabet[random() % alphabet.size()];
          break;
        default:
          body.resize(at);
          break;
      }
    }
    const auto parts = parse_multipart(kType, body, {.parts = 4, .header_bytes = 60});
    if (!parts.ok()) {
      EXPECT_TRUE(parts.error().code.starts_with("multipart."));
      continue;
    }
    for (const Part& part : *parts) {
      EXPECT_TRUE(is_valid_utf8(part.name));
      if (part.content.empty()) continue;
      EXPECT_GE(part.content.data(), body.data());
      EXPECT_LE(part.content.data() + part.content.size(), body.data() + body.size());
    }
  }
}

}  // namespace
}  // namespace windlass::http
