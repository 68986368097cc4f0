#include "model/sanitiser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace windlass {
namespace {

struct Case {
  const char* text;
  const char* cleaned;
};

class SecretTexts : public testing::TestWithParam<Case> {};

TEST_P(SecretTexts, AreTakenOut) {
  const Sanitiser& sanitiser = Sanitiser::standard();
  const std::string cleaned = sanitiser.clean(std::string_view(GetParam().text));
  EXPECT_EQ(cleaned, GetParam().cleaned);
  EXPECT_EQ(sanitiser.clean(cleaned), cleaned) << "cleaning twice changes nothing";
}

INSTANTIATE_TEST_SUITE_P(
    Urls, SecretTexts,
    testing::Values(Case{"cloning https://bob:hunter2@git.example.com/a.git now",
                         "cloning https://(redacted)@git.example.com/a.git now"},
                    Case{"https://ghp_abc@github.com", "https://(redacted)@github.com"},
                    Case{"postgresql://u:p@ss:w@db:5432/x", "postgresql://(redacted)@db:5432/x"},
                    Case{"postgresql://u:pa/s#s?@db/x", "postgresql://(redacted)@db/x"},
                    Case{"redis://:secret1@cache/0", "redis://(redacted)@cache/0"},
                    Case{"a http://a:b@c and ftp://d:e@f",
                         "a http://(redacted)@c and ftp://(redacted)@f"},
                    Case{"{\"url\":\"https://u:p@h/\"}", "{\"url\":\"https://(redacted)@h/\"}"}));

INSTANTIATE_TEST_SUITE_P(
    Words, SecretTexts,
    testing::Values(
        Case{"password: hunter2", "password: (redacted)"},
        Case{"Password=hunter2, user=bob", "Password=(redacted), user=bob"},
        Case{"password is hunter2.", "password is (redacted)."},
        Case{"the password is: hunter2", "the password is: (redacted)"},
        Case{"password was set to hunter2", "password was set to (redacted)"},
        Case{"password changed to swordfish", "password changed to (redacted)"},
        Case{"password hunter2", "password (redacted)"},
        Case{"passwd: \"two words\" rest", "passwd: \"(redacted)\" rest"},
        Case{"pwd='it\\'s' rest", "pwd='(redacted)' rest"},
        Case{"{\"password\": \"a\\\"b\", \"user\": \"bob\"}",
             "{\"password\": \"(redacted)\", \"user\": \"bob\"}"},
        Case{"{'token': 'abc', 'n': 1}", "{'token': '(redacted)', 'n': 1}"},
        Case{"{\\\"password\\\": \\\"abc\\\", \\\"n\\\": 1}",
             "{\\\"password\\\": \\\"(redacted)\\\", \\\"n\\\": 1}"},
        Case{"password=b'abc'", "password=b'(redacted)'"},
        Case{"DB_PASSWORD2=abc", "DB_PASSWORD2=(redacted)"},
        Case{"secret_key = abc", "secret_key = (redacted)"},
        Case{"client_secret=>abc", "client_secret=>(redacted)"},
        Case{"api key: abc", "api key: (redacted)"},
        Case{"X-API-Key: abc", "X-API-Key: (redacted)"},
        Case{"apikey=abc&page=2", "apikey=(redacted)&page=2"},
        Case{"GET /x?token=abc&page=2", "GET /x?token=(redacted)&page=2"},
        Case{"passphrase: abc", "passphrase: (redacted)"},
        Case{"password: on", "password: (redacted)"},
        Case{"enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0", "enable secret 5 (redacted)"},
        Case{"username bob password 7 0822455D0A16", "username bob password 7 (redacted)"}));

INSTANTIATE_TEST_SUITE_P(
    Headers, SecretTexts,
    testing::Values(Case{"Authorization: Bearer abc.def", "Authorization: Bearer (redacted)"},
                    Case{"Authorization: Token 0123456789abcdef0123456789abcdef01234567",
                         "Authorization: Token (redacted)"},
                    Case{"{'Authorization': 'Basic Ym9iOmh1bnRlcjI='}",
                         "{'Authorization': 'Basic (redacted)'}"},
                    Case{"authorization=abc", "authorization=(redacted)"},
                    Case{"curl -H \"Authorization: Token abc\" https://h/",
                         "curl -H \"Authorization: Token (redacted)\" https://h/"},
                    Case{"sent Bearer eyJhbGciOiJIUzI1NiJ9.e30.x1", "sent Bearer (redacted)"}));

INSTANTIATE_TEST_SUITE_P(
    PrivateKeys, SecretTexts,
    testing::Values(
        Case{"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----\nb",
             "a\n-----BEGIN RSA PRIVATE KEY-----(redacted)-----END RSA PRIVATE KEY-----\nb"},
        Case{"-----BEGIN PRIVATE KEY-----\\nMIIE", "-----BEGIN PRIVATE KEY-----(redacted)"},
        Case{"-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----",
             "-----BEGIN OPENSSH PRIVATE KEY-----(redacted)-----END OPENSSH PRIVATE KEY-----"}));

class Harmless : public testing::TestWithParam<const char*> {};

TEST_P(Harmless, TextStays) {
  const std::string text = GetParam();
  EXPECT_EQ(Sanitiser::standard().clean(text), text);
}

INSTANTIATE_TEST_SUITE_P(
    Words, Harmless,
    testing::Values("", "Running job", "password changed", "The password is required.",
                    "password is not set", "password: None", "token is invalid",
                    "Password:", "Password:\nLogin ok", "password=\"\"", "the secret of success",
                    "tokens: 5 used", "Basic authentication is on", "Bearer of news",
                    "a token ring", "secretary: Bob", "has_token: true", "password: (redacted)",
                    "password reset for bob", "password is in the vault", "pass: 3, fail: 2",
                    "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----"));

INSTANTIATE_TEST_SUITE_P(
    Urls, Harmless,
    testing::Values("see https://example.com:8443/a?b=c#d", "mail bob@example.com",
                    "https://example.com/?to=bob@example.com", "http://host:8080/path?mail=a@b",
                    "https://h/@scope/package", "file:///a/b", "git@github.com:a/b.git"));

TEST(Sanitiser, CleansTextsWithinJsonAndValuesOfSecretMembers) {
  const json::value value = parse_json(R"json({
    "note": "password: x1", "list": ["https://a:b@c/", 5], "password": {"deep": "x"}, "API-Key": 12,
    "db_password_2": "x", "token": null, "has_password": true, "secret": "", "tokens": 7, "deep": {"auth_token": "x"}})json")
                                .value();
  EXPECT_EQ(Sanitiser::standard().clean(value), parse_json(R"json({
    "note": "password: (redacted)", "list": ["https://(redacted)@c/", 5], "password": "(redacted)", "API-Key": "(redacted)",
    "db_password_2": "(redacted)", "token": null, "has_password": true, "secret": "", "tokens": 7,
    "deep": {"auth_token": "(redacted)"}})json")
                                                    .value());
}

TEST(Sanitiser, TakesPatternsOfItsOwn) {
  const auto sanitiser = Sanitiser::make({{"(ssn )\\d+", "$1###"}, {"bob", "B."}});
  ASSERT_TRUE(sanitiser.ok());
  EXPECT_EQ(sanitiser->clean(std::string_view("SSN 123 of Bob, password: x")),
            "SSN ### of B., password: x");
  const auto broken = Sanitiser::make({{"(", ""}});
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "pattern.invalid");
}

TEST(Sanitiser, AddsTheSettingsPatternsToTheDefaults) {
  const auto sanitiser = Sanitiser::with_patterns(
      {R"(\bACME-\d{4,6}\b)", R"((serial[,:] )\w+ => $1***)", R"(drop me =>  )"});
  ASSERT_TRUE(sanitiser.ok()) << sanitiser.error().message;
  EXPECT_EQ(sanitiser->clean(std::string_view("acme-12345, Serial, 9X; password: x; drop me")),
            "(redacted), Serial, ***; password: (redacted); ");
}

TEST(Sanitiser, NamesEveryItemOfTheSettingThatCannotBeUsed) {
  const auto broken = Sanitiser::with_patterns({"good", "(open", "x*", "(a)b => $2"});
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, "settings.invalid");
  for (const char* item : {"\"(open\"", "\"x*\"", "\"(a)b => $2\"", "sanitiser_patterns"}) {
    EXPECT_NE(broken.error().message.find(item), std::string::npos) << broken.error().message;
  }
  EXPECT_EQ(broken.error().message.find("\"good\""), std::string::npos);
}

TEST(Sanitiser, HidesKnownValuesAlsoInNamesOfMembers) {
  Secrets secrets;
  secrets.add(json::value("hunter22"));
  secrets.prepare();
  const Sanitiser sanitiser = Sanitiser::standard().with_secrets(std::move(secrets));
  EXPECT_EQ(sanitiser.clean(std::string_view("I am hunter22, password: x")),
            "I am (redacted), password: (redacted)");
  EXPECT_EQ(to_text(sanitiser.clean(
                json::value(json::object{{"is hunter22", 1}, {"list", json::array{"hunter22"}}}))),
            R"json({"is (redacted)":1,"list":["(redacted)"]})json");
}

TEST(Sanitiser, ReplacesTheWholeTextWhenAPatternGivesUp) {
  const auto sanitiser = Sanitiser::make({{"^(a+)+$", "x"}});
  ASSERT_TRUE(sanitiser.ok());
  EXPECT_EQ(sanitiser->clean(std::string(40, 'a') + "!"), "(redacted)");
}

TEST(Sanitiser, ReplacesTextThatIsNotUtf8Whole) {
  EXPECT_EQ(Sanitiser::standard().clean(std::string_view("password: \xff")), "(redacted)");
}

// Shapes that make backtracking engines slow or deep: each must come out, and not as a surrender.
TEST(Sanitiser, StandsLongHostileTexts) {
  constexpr std::size_t kLength = 1 << 20;
  std::string urls;
  while (urls.size() < kLength) urls += "://a:b";
  std::string quotes = "password: \"";
  quotes.append(kLength, 'q');
  std::string escapes = "password: '";
  while (escapes.size() < kLength) escapes += "\\'";
  std::string words;
  while (words.size() < kLength) words += "password ";
  std::string dots = "token=" + std::string(kLength, '.');
  std::string key = "-----BEGIN PRIVATE KEY-----" + std::string(kLength, 'k');
  std::string value = "secret=" + std::string(kLength, 'v');
  for (const std::string& text : {urls, quotes, escapes, words, dots, key, value}) {
    const std::string cleaned = Sanitiser::standard().clean(text);
    EXPECT_NE(cleaned, "(redacted)") << text.substr(0, 20);
  }
}

TEST(Sanitiser, NeverLetsAMarkedSecretThrough) {
  std::mt19937_64 engine(20261123);
  const auto pick = [&](const std::vector<std::string>& from) {
    return from[std::uniform_int_distribution<std::size_t>(0, from.size() - 1)(engine)];
  };
  const std::vector<std::string> before{"", "x ", "{\"a\": 1, ", "log: ", "\n", "('", "é "};
  const std::vector<std::string> forms{
      "password: S", "PASSWORD=S",        "\"password\": \"S\"",      "token = 'S'",
      "secret is S", "api_key:S",         "https://u:S@h/",           "Authorization: Token S",
      "passwd='S'",  "access-key: \"S\"", "password was changed to S"};
  const std::vector<std::string> after{"", " rest", "\"}", ", b=1", "\nnext", ".", "')"};
  for (int i = 0; i < 5'000; ++i) {
    std::string form = pick(forms);
    form.replace(form.find('S'), 1,
                 form.find("SSWORD") == std::string::npos ? "zQ7-canary_9" : "S");
    std::string text = pick(before) + form + pick(after);
    if (form.starts_with("PASSWORD")) text = pick(before) + "PASSWORD=zQ7-canary_9" + pick(after);
    EXPECT_EQ(Sanitiser::standard().clean(text).find("canary"), std::string::npos) << text;
  }
}

TEST(Sanitiser, IsQuickOnHarmlessLines) {
  const std::string line = "Device edge-router-17 in site Berlin has 48 interfaces, all up";
  const Sanitiser& sanitiser = Sanitiser::standard();
  constexpr int kRounds = 20'000;
  const auto begin = std::chrono::steady_clock::now();
  std::size_t total = 0;
  for (int i = 0; i < kRounds; ++i) total += sanitiser.clean(line).size();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(total, kRounds * line.size());
  RecordProperty("nanoseconds_a_line", static_cast<int>(took.count() / kRounds));
  EXPECT_LT(took.count() / kRounds,
            50'000);  // a machine under load may be slow; 1 µs is what the benchmark holds it to
}

}  // namespace
}  // namespace windlass
