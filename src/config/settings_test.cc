#include "config/settings.h"

#include <gtest/gtest.h>

#include <set>

#include "base/files.h"

namespace windlass {

namespace {

class SettingsTest : public ::testing::Test {
 protected:
  void write(const std::string& toml) {
    ASSERT_TRUE(replace_file(home_.path() / "windlass.toml", toml, 0600).ok());
  }
  Result<LoadedSettings> load(const std::map<std::string, std::string>& environment = {},
                              const std::map<std::string, std::string>& flags = {}) {
    return load_settings(home_.path(), environment, flags);
  }
  TemporaryFolder home_ = TemporaryFolder::make().value();
};

TEST_F(SettingsTest, LaterPlacesWin) {
  write("workers = 2\ntime_limit = 7.5\npython = \"a\"\n");
  const auto loaded =
      load({{"WINDLASS_WORKERS", "3"}, {"WINDLASS_PYTHON", "b"}}, {{"python", "c"}});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->settings.time_limit, 7.5);
  EXPECT_EQ(loaded->settings.workers, 3);
  EXPECT_EQ(loaded->settings.python, "c");
  EXPECT_EQ(loaded->origins.at("time_limit"), "windlass.toml");
  EXPECT_EQ(loaded->origins.at("workers"), "environment");
  EXPECT_EQ(loaded->origins.at("python"), "command line");
  EXPECT_EQ(loaded->origins.at("listen"), "default");
}

TEST_F(SettingsTest, AnUnknownNameInTheFileIsRefusedWithItsPlace) {
  write("wokers = 2\n");
  const auto loaded = load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, "settings.unknown");
  EXPECT_NE(loaded.error().message.find("wokers"), std::string::npos);
  EXPECT_NE(loaded.error().message.find("windlass.toml"), std::string::npos);
}

TEST_F(SettingsTest, BrokenTomlNamesTheLine) {
  write("workers = 2\npython = \n");
  const auto loaded = load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, "settings.invalid");
  EXPECT_NE(loaded.error().message.find("line 2"), std::string::npos) << loaded.error().message;
}

TEST_F(SettingsTest, TextsAreUtf8) {
  for (const char* name : {"queues", "default_queue", "python", "jobs_root"}) {
    const auto loaded = load({}, {{name, "na\xffme"}});
    ASSERT_FALSE(loaded.ok()) << name;
    EXPECT_EQ(loaded.error().code, "settings.invalid");
    EXPECT_EQ(loaded.error().message,
              "--" + std::string(name) + ": " + name + " = \"na\uFFFDme\" is not text in UTF-8.");
  }
}

TEST_F(SettingsTest, WrongValuesAreRefused) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"workers", "-1"},
      {"workers", "two"},
      {"time_limit", "soon"},
      {"time_limit", "-1"},
      {"isolation", "no"},
      {"memory_limit", "1 kb"},
      {"runs_per_child", "0"},
      {"memory_limit", "99999999999999999999"},
      {"memory_limit", "9999999999999 GiB"}};
  for (const auto& [name, text] : wrong) {
    const auto loaded = load({}, {{name, text}});
    ASSERT_FALSE(loaded.ok()) << name << "=" << text;
    EXPECT_EQ(loaded.error().code, "settings.invalid");
    EXPECT_NE(loaded.error().message.find(name), std::string::npos);
  }
}

TEST_F(SettingsTest, TheBaseUrlIsOneThatLinksCanBeginWith) {
  EXPECT_EQ(load()->settings.base_url, "");
  for (const auto& [text, kept] : std::vector<std::pair<std::string, std::string>>{
           {"https://jobs.example.org", "https://jobs.example.org"},
           {"https://jobs.example.org/", "https://jobs.example.org"},
           {"HTTP://10.0.0.1:8443/tools/windlass/", "HTTP://10.0.0.1:8443/tools/windlass"},
           {"http://[::1]:8001", "http://[::1]:8001"},
           {" ", ""}}) {
    const auto loaded = load({{"WINDLASS_BASE_URL", text}});
    ASSERT_TRUE(loaded.ok()) << text;
    EXPECT_EQ(loaded->settings.base_url, kept);
  }
  for (const char* text :
       {"jobs.example.org", "ftp://a", "https://", "https:///path", "https://a b", "https://a?b=c",
        "https://a#b", "https://user:pw@host", "https://a:port", "https://a/<b>", "https://a//b",
        "https://a\nb", "javascript://a"}) {
    const auto loaded = load({}, {{"base_url", text}});
    ASSERT_FALSE(loaded.ok()) << text;
    EXPECT_EQ(loaded.error().code, "settings.invalid");
    EXPECT_NE(loaded.error().message.find("https://jobs.example.org"), std::string::npos);
  }
}

TEST_F(SettingsTest, BytesTakeUnitsAndListsTakeCommasOrArrays) {
  write("memory_limit = \"512 MiB\"\nqueues = [\"a\", \"b\"]\n");
  const auto loaded = load({{"WINDLASS_JOB_ENVIRONMENT", "A, B"}});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->settings.memory_limit, std::int64_t{512} << 20);
  EXPECT_EQ(loaded->settings.queues, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(loaded->settings.job_environment, (std::vector<std::string>{"A", "B"}));
}

TEST_F(SettingsTest, ItemsOfPatternsMayHoldCommas) {
  write("sanitiser_patterns = ['\\d{2,4}', 'a, b => \"x\"']\n");
  const auto from_file = load();
  ASSERT_TRUE(from_file.ok()) << from_file.error().message;
  EXPECT_EQ(from_file->settings.sanitiser_patterns,
            (std::vector<std::string>{"\\d{2,4}", "a, b => \"x\""}));
  const auto loaded = load({{"WINDLASS_SANITISER_PATTERNS", "one, two\n\nthree\n"}});
  EXPECT_EQ(loaded->settings.sanitiser_patterns, (std::vector<std::string>{"one, two", "three"}));
}

TEST_F(SettingsTest, TheTemplateIsValidAndNamesEverySettingOnce) {
  const std::string text = settings_template();
  write(text);
  EXPECT_TRUE(load().ok());
  std::set<std::string_view> names;
  for (const Setting& setting : setting_list()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_NE(text.find("# " + std::string(setting.name) + " = "), std::string::npos);
    EXPECT_FALSE(setting.help.empty());
  }
  // Uncommented, it means the same as no file.
  std::string uncommented;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    if (line.find(" = ") != std::string::npos && line.starts_with("# "))
      uncommented += line.substr(2) + "\n";
    at = end + 1;
  }
  write(uncommented);
  const auto loaded = load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  for (const Setting& setting : setting_list()) {
    EXPECT_EQ(setting_text(loaded->settings, setting), setting_text(Settings{}, setting));
  }
}

TEST_F(SettingsTest, APasswordInADatabaseUrlIsMasked) {
  const auto shown = [](const std::string& url) {
    Settings settings;
    settings.database = url;
    return setting_text(settings, setting_list().front());
  };
  EXPECT_EQ(shown("postgresql://user:geheim@db/x"), "postgresql://user:***@db/x");
  EXPECT_EQ(shown("postgresql://user:ge@h/e?i:m@db/x"), "postgresql://user:***@db/x");
  EXPECT_EQ(shown("postgresql://db/x?user=a&password=ge@heim&sslmode=require"),
            "postgresql://db/x?user=a&password=***&sslmode=require");
  EXPECT_EQ(shown("postgresql://a:b@db/x?SSLPassword=geheim"),
            "postgresql://a:***@db/x?SSLPassword=***");
  EXPECT_EQ(shown("postgresql://user:ge?token=heim@db/x"), "***");
  EXPECT_EQ(shown("postgresql://db:5432/x"), "postgresql://db:5432/x");
  EXPECT_EQ(shown("sqlite:windlass.sqlite3"), "sqlite:windlass.sqlite3");
}

TEST_F(SettingsTest, EveryMistakeIsToldWithItsPlaceAndTheRestIsRead) {
  write("workers = 2\nwokers = 3\n\ntime_limit = \"soon\"\n[queues]\n");
  const LoadedSettings read =
      read_settings(home_.path(), {{"WINDLASS_ISOLATION", "no"}}, {{"python", "p"}});
  EXPECT_EQ(read.settings.workers, 2);
  EXPECT_EQ(read.settings.python, "p");
  EXPECT_EQ(read.settings.time_limit, Settings().time_limit);
  EXPECT_EQ(read.origins.at("time_limit"), "default");
  ASSERT_EQ(read.mistakes.size(), 4u);
  const auto all = load({{"WINDLASS_ISOLATION", "no"}});
  ASSERT_FALSE(all.ok());
  for (const char* part : {"line 2: there is no setting \"wokers\"", "line 4: time_limit",
                           "line 5: queues", "WINDLASS_ISOLATION: isolation"}) {
    EXPECT_NE(all.error().message.find(part), std::string::npos) << all.error().message;
  }
}

TEST_F(SettingsTest, SourcesMayHaveInterpretersOfTheirOwn) {
  write(
      "apps = [\"my_app\", \"a.b\"]\n"
      "pythons = [\"app:my_app=/opt/venv/bin/python\", \"git:net=python3.12\"]\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->settings.apps, (std::vector<std::string>{"my_app", "a.b"}));
  EXPECT_EQ(loaded->settings.python_of("app:my_app"), "/opt/venv/bin/python");
  EXPECT_EQ(loaded->settings.python_of("git:net"), "python3.12");
  EXPECT_EQ(loaded->settings.python_of("git:other"), "");
}

TEST_F(SettingsTest, ListsOfAFormRefuseOtherItems) {
  for (const auto& [name, value] :
       {std::pair{"apps", "my_app,my-app"}, std::pair{"apps", "a..b"},
        std::pair{"pythons", "my_app=/usr/bin/python3"}, std::pair{"pythons", "git:net="},
        std::pair{"git_requirements", "perhaps"}, std::pair{"git_size_limit", "0"}}) {
    const auto loaded = load({}, {{name, value}});
    ASSERT_FALSE(loaded.ok()) << name << " = " << value;
    EXPECT_EQ(loaded.error().code, "settings.invalid");
    EXPECT_NE(loaded.error().message.find(name), std::string::npos);
  }
}

TEST_F(SettingsTest, FileUrlsReachWhatIsAllowed) {
  using Paths = std::vector<std::filesystem::path>;
  EXPECT_EQ(load()->settings.git_file_folders(true), Paths{"/"});
  EXPECT_EQ(load()->settings.git_file_folders(false), Paths{});
  const auto folders = [&](const char* value) {
    return load({}, {{"git_file_roots", value}})->settings.git_file_folders(true);
  };
  EXPECT_EQ(folders("none"), Paths{});
  EXPECT_EQ(folders("*"), Paths{"/"});
  EXPECT_EQ(folders("/srv/git, mirrors"), (Paths{"/srv/git", home_.path() / "mirrors"}));
}

TEST_F(SettingsTest, KnownHostsAreThoseOfTheAccount) {
  EXPECT_EQ(load()->settings.git_known_hosts_file(),
            std::filesystem::path(std::getenv("HOME")) / ".ssh/known_hosts");
  EXPECT_EQ(load({}, {{"git_known_hosts", "hosts"}})->settings.git_known_hosts_file(),
            home_.path() / "hosts");
}

}  // namespace

}  // namespace windlass
