// Where classes are defined, and files beside a module.
#include "module_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>
#include <windlass/jobs.hpp>

#include "host_for_tests.h"

namespace windlass::jobs {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Places = std::vector<std::pair<std::string, int>>;

Places places_in(std::string_view source) {
  Places places;
  for (const auto& one : internal::class_definitions(source))
    places.emplace_back(one.name, one.line);
  return places;
}

TEST(ClassDefinitions, AreFoundByTheirTokens) {
  const char* const source = R"code(// class Comment {
#define CLASS class Macro {
/* class Block {
*/ class Plain : public Job {
};
class Forward;
enum class Kind { one };
struct [[nodiscard]] alignas(8) Marked final : Base<int> {};
template <class T> class Generic : public T { class Inner {}; };
const char* text = "class Text {";
const char* raw = R"x(class Raw { )" )x";
char quote = '"'; int million = 1'000'000;
class space::Qualified { friend class Friend; };
void f(struct Argument* one) {}
class
  Broken
  {};
)code";
  EXPECT_EQ(places_in(source), (Places{{"Plain", 4},
                                       {"Marked", 8},
                                       {"Generic", 9},
                                       {"Inner", 9},
                                       {"Qualified", 13},
                                       {"Broken", 15}}));
}

TEST(ClassDefinitions, KnowTheirBases) {
  const auto found = internal::class_definitions(
      "class A : public windlass::jobs::Job {};\n"
      "struct B final : virtual protected ::ns::Base<int, Pair<A, A>>, private Other {};\n"
      "template <class T> class C : T {};\n");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_THAT(found[0].bases, ElementsAre("Job"));
  EXPECT_THAT(found[1].bases, ElementsAre("Base", "Other"));
  EXPECT_THAT(found[2].bases, ElementsAre("T"));
  EXPECT_FALSE(found[1].is_template);
  EXPECT_TRUE(found[2].is_template);
}

TEST(ClassDefinitions, EndWithTheTextWhateverItIs) {
  for (const char* source : {"class", "class A", "class [[", "R\"", "R\"(", "'", "\"\\", "/*", "#",
                             "class A::", "1'", "struct __attribute__((x", "// \\", "\\"}) {
    EXPECT_TRUE(internal::class_definitions(source).empty()) << source;
  }
}

class Base : public Job {
 public:
  Json run() override { return load_json(*name); }
  StringVar name{this, "name", {.default_value = "data/limits.json"}};
};
class Derived : public Base {};
class ReadsYaml : public Base {
 public:
  Json run() override { return load_yaml(*name); }
};
class Declares : public Job {
 public:
  TextVar limits{this, "limits", {.default_value = load_json("data/limits.json").dump()}};
  Json run() override { return {}; }
};

/// A folder where authors edit, /jobs, and its version.
class ModuleFilesTest : public ::testing::Test {
 protected:
  ModuleFilesTest() {
    char name[] = "/tmp/module-files-XXXXXX";
    folder_ = mkdtemp(name);
    write("data/limits.json", R"({"disk": 90})");
    write("data/torn.json", "{");
  }
  ~ModuleFilesTest() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  template <class... Jobs>
  Json load(const std::string& module, const std::string& file) {
    internal::begin_module({module, "jobs_root", "/jobs/" + file, (folder_ / file).string()});
    register_jobs<Jobs...>();
    return internal::end_module().entry;
  }
  static Json run(const std::string& class_path, const Json& name) {
    internal::KeepingHost host;
    return internal::run_job(internal::run_frame(class_path, {{"name", name}}), {}, host);
  }

  fs::path folder_;
};

struct First : Base {};
struct Second : Base {};
struct Third : Base {};
struct Twin : Base {};

TEST_F(ModuleFilesTest, AClassHasItsOwnLineWhateverItsBaseIs) {
  write("m.cpp",
        "\n#include \"part.hpp\"\n#include \"/part.hpp\"\nstruct First : Base {};\n"
        "namespace a { struct Twin : Base {}; }\nnamespace b { struct Twin : Base {}; }\n");
  write("part.hpp", "#pragma once\n#include \"m.cpp\"\n\n\nstruct Second : Base {};\n");
  const Json entry = load<First, Second, Third, Twin>("m", "m.cpp");
  const auto place = [&](int index) {
    const Json& cls = entry["classes"][index];
    return std::pair(cls["file_path"].as_string(), cls["line"].as_integer());
  };
  EXPECT_EQ(place(0), std::pair(std::string("/jobs/m.cpp"), std::int64_t{4}));
  EXPECT_EQ(place(1), std::pair(std::string("/jobs/part.hpp"), std::int64_t{5}));
  // Nowhere, and in two places: as the compiler said.
  EXPECT_EQ(place(2).first, "/jobs/m.cpp");
  EXPECT_EQ(place(3).first, "/jobs/m.cpp");
  EXPECT_EQ(place(2).second, place(3).second);
}

struct OfProject : Base {};
struct ReadsInProject : Base {};

TEST_F(ModuleFilesTest, AClassOfAProjectIsFoundInItsFolder) {
  write("net/CMakeLists.txt", "project(net)\n");
  write("net/src/deep.cc", "\nstruct OfProject : Base {};\n");
  write("net/.git/deep.cc", "struct OfProject : Base {};\n");
  const Json cls = load<OfProject, ReadsInProject>("net", "net")["classes"][0];
  EXPECT_EQ(cls["file_path"], "/jobs/net/src/deep.cc");
  EXPECT_EQ(cls["line"], 2);
  write("net/own.json", "7");
  EXPECT_EQ(run("net.ReadsInProject", "own.json")["result"], 7);
}

TEST_F(ModuleFilesTest, JsonIsReadBesideTheModule) {
  load<Derived>("reads", "reads.cpp");
  const Json done = run("reads.Derived", "data/limits.json");
  EXPECT_EQ(done["result"]["disk"], 90) << done.dump();
  const auto problem = [](const char* name) {
    return run("reads.Derived", name)["result"]["exc_message"].as_string();
  };
  EXPECT_EQ(problem("gone.json"), "gone.json: No such file or directory");
  EXPECT_THAT(problem("data/torn.json"), HasSubstr("data/torn.json: "));
  EXPECT_THAT(problem("data"), HasSubstr("data: Is a directory"));
  for (const char* outside : {"../limits.json", "data/../../x.json", "/etc/passwd", ""}) {
    EXPECT_THAT(problem(outside), HasSubstr("beside the module and below its folder")) << outside;
  }
}

TEST_F(ModuleFilesTest, YamlIsReadBesideTheModule) {
  load<ReadsYaml>("yaml", "yaml.cpp");
  write("data/limits.yaml", "disk: 90\nfrom: 2001-12-14\n");
  const Json done = run("yaml.ReadsYaml", "data/limits.yaml");
  EXPECT_EQ(done["result"].dump(), R"({"disk":90,"from":"2001-12-14"})");
  const auto problem = [](const char* name) {
    return run("yaml.ReadsYaml", name)["result"]["exc_message"].as_string();
  };
  EXPECT_EQ(problem("gone.yaml"), "gone.yaml: No such file or directory");
  EXPECT_THAT(problem("../limits.yaml"),
              HasSubstr("load_yaml() reads files beside the module and below its folder"));
  write("data/torn.yaml", "disk: [\n");
  EXPECT_THAT(problem("data/torn.yaml"), HasSubstr("data/torn.yaml, line 2, column 1: "));
  write("data/endless.yaml", ".inf\n");
  EXPECT_THAT(problem("data/endless.yaml"), HasSubstr("$ is inf"));
}

TEST_F(ModuleFilesTest, JsonMayBePartOfADeclaration) {
  const Json entry = load<Declares>("declares", "declares.cpp");
  EXPECT_EQ(entry["classes"][0]["variables"][0]["default"], R"({"disk":90})");
}

TEST_F(ModuleFilesTest, ATestProgramReadsBesideItsOwnSource) {
  // `package` lies beside this file.
  EXPECT_THROW(Derived().load_json("package"), std::system_error);
  EXPECT_THROW(Derived().load_json("package/greet.h"), JsonError);
  EXPECT_EQ(Derived().load_yaml("package/limits.yaml")["disk"], 90);
}

}  // namespace
}  // namespace windlass::jobs
