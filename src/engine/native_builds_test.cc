// Modules in C++ compiled by the machine's compiler, against a header that stands for the SDK's.
#include "engine/native_builds.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "base/files.h"
#include "engine/code_set.h"
#include "sources/jobs_root.h"

namespace windlass::engine {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

#define EXPORTED "extern \"C\" __attribute__((visibility(\"default\"))) "

class NativeBuildsTest : public ::testing::Test {
 protected:
  NativeBuildsTest() {
    write(home_.path() / "sdk/include/windlass/jobs.hpp", "#pragma once\n#include <string>\n");
    fs::create_directories(jobs());
    options_.folder = home_.path() / "native";
    options_.sdk = home_.path() / "sdk";
  }

  fs::path jobs() const { return home_.path() / "jobs"; }
  static void write(const fs::path& file, const std::string& text) {
    ASSERT_TRUE(make_folder(file.parent_path()).ok());
    ASSERT_TRUE(replace_file(file, text, 0644).ok());
  }
  std::unique_ptr<NativeBuilds> builds() const {
    return std::make_unique<NativeBuilds>(options_, sanitiser_, clock_);
  }
  SourceCode source() {
    sources::JobsRoot root({jobs(), home_.path()});
    return {"jobs_root", "jobs_root", "", root.snapshot().value()};
  }
  /// The modules of JOBS_ROOT when everything has been compiled.
  SourceCode built(NativeBuilds& builds) {
    SourceCode code = source();
    builds.wait(code.version, [] { return true; });
    builds.resolve(code, nullptr);
    return code;
  }
  /// What the function `answer` of a library returns.
  static int answer(const fs::path& library) {
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    EXPECT_NE(handle, nullptr) << ::dlerror();
    const auto function = reinterpret_cast<int (*)()>(::dlsym(handle, "answer"));
    EXPECT_NE(function, nullptr);
    const int value = function == nullptr ? -1 : function();
    ::dlclose(handle);
    return value;
  }

  const TemporaryFolder home_ = TemporaryFolder::make().value();
  const Sanitiser sanitiser_ = Sanitiser::standard();
  FakeClock clock_;
  NativeOptions options_;
};

TEST_F(NativeBuildsTest, AFileBecomesALibraryAndIsCompiledOnce) {
  write(jobs() / "part.hpp", "inline int part() { return 40; }\n");
  write(jobs() / "my_group.cpp", "#include <windlass/jobs.hpp>\n#include \"part.hpp\"\n" EXPORTED
                                 "int answer() { return part() + 2; }\n");
  fs::path library;
  {
    const auto first = builds();
    const SourceCode code = built(*first);
    const NativeModule& module = code.native.at("my_group");
    ASSERT_FALSE(module.failure) << module.failure->traceback;
    EXPECT_EQ(module.file, fs::absolute(jobs()) / "my_group.cpp");
    EXPECT_FALSE(module.pending);
    EXPECT_EQ(answer(module.library), 42);
    library = module.library;
  }
  const auto again = builds();
  SourceCode code = source();
  again->resolve(code, nullptr);
  EXPECT_EQ(code.native.at("my_group").library, library) << "found without compiling";

  write(jobs() / "part.hpp", "inline int part() { return 50; }\n");
  EXPECT_EQ(answer(built(*again).native.at("my_group").library), 52);
  EXPECT_EQ(again->of_hash(code.version.find("my_group")->hash)->library, library)
      << "what was compiled before is kept";

  options_.compiler = "g++";
  EXPECT_NE(built(*builds()).native.at("my_group").key, built(*again).native.at("my_group").key)
      << "another compiler compiles anew";
}

TEST_F(NativeBuildsTest, WhatTheCompilerSaysNamesTheAuthorsFileAndIsKept) {
  write(jobs() / "torn.cpp", "int fine;\nint answer() { return missing_name; }\n");
  const auto first = builds();
  const NativeModule module = built(*first).native.at("torn");
  ASSERT_TRUE(module.failure);
  EXPECT_TRUE(module.library.empty());
  EXPECT_EQ(module.failure->type, "CompileError");
  EXPECT_THAT(module.failure->message, HasSubstr("torn.cpp:2:"));
  EXPECT_THAT(module.failure->message, HasSubstr("missing_name"));
  EXPECT_THAT(module.failure->traceback, HasSubstr("missing_name"));
  EXPECT_THAT(module.failure->traceback, ::testing::Not(HasSubstr("/sources/")));
  SourceCode code = source();
  builds()->resolve(code, nullptr);
  EXPECT_EQ(code.native.at("torn"), module);
}

TEST_F(NativeBuildsTest, WhatServesStandsInWhileNewFilesAreCompiled) {
  write(jobs() / "job.cpp", EXPORTED "int answer() { return 1; }\n");
  const auto all = builds();
  const SourceCode serving = built(*all);
  write(jobs() / "job.cpp", EXPORTED "int answer() { return 2; }\n");
  // Nothing is compiled before this returns its answer to whoever holds the first.
  SourceCode newer = source();
  std::promise<void> compiled;
  all->on_built([&] { compiled.set_value(); });
  all->resolve(newer, &serving);
  EXPECT_TRUE(newer.native.at("job").pending);
  EXPECT_EQ(newer.native.at("job").library, serving.native.at("job").library);
  compiled.get_future().wait();
  all->resolve(newer, &serving);
  EXPECT_FALSE(newer.native.at("job").pending);
  EXPECT_EQ(answer(newer.native.at("job").library), 2);
}

TEST_F(NativeBuildsTest, ALibraryIsCopiedAndMayBeOverwritten) {
  write(jobs() / "job.cpp", EXPORTED "int answer() { return 7; }\n");
  const auto all = builds();
  const fs::path library = built(*all).native.at("job").library;
  fs::remove(jobs() / "job.cpp");
  fs::copy_file(library, jobs() / "ready.so");
  const NativeModule copied = built(*all).native.at("ready");
  ASSERT_FALSE(copied.failure);
  EXPECT_NE(copied.library, jobs() / "ready.so");
  write(jobs() / "ready.so", "overwritten");
  EXPECT_EQ(answer(copied.library), 7);
}

TEST_F(NativeBuildsTest, AProjectIsBuiltByCMake) {
  write(jobs() / "sweep/CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.16)\nproject(sweep CXX)\n"
        "add_library(parts SHARED parts.cpp)\nadd_library(sweep MODULE sweep.cpp)\n"
        "target_link_libraries(sweep PRIVATE parts)\n");
  write(jobs() / "sweep/parts.cpp", "int part() { return 20; }\n");
  write(jobs() / "sweep/sweep.cpp",
        "int part();\n" EXPORTED "int answer() { return part() + 1; }\n");
  const auto all = builds();
  const NativeModule module = built(*all).native.at("sweep");
  ASSERT_FALSE(module.failure) << module.failure->traceback;
  EXPECT_EQ(answer(module.library), 21);

  write(jobs() / "sweep/sweep.cpp", "int answer( { }\n");
  const NativeModule torn = built(*all).native.at("sweep");
  ASSERT_TRUE(torn.failure);
  EXPECT_THAT(torn.failure->message, HasSubstr((jobs() / "sweep/sweep.cpp:1:").string()));
}

TEST_F(NativeBuildsTest, WithoutACompilerItSaysWhatToDo) {
  write(jobs() / "job.cpp", "int x;\n");
  options_.compiler = "no-such-compiler";
  const auto all = builds();
  const NativeModule module = built(*all).native.at("job");
  ASSERT_TRUE(module.failure);
  EXPECT_THAT(module.failure->message, HasSubstr("there is no compiler no-such-compiler"));
  EXPECT_THAT(module.failure->message, HasSubstr("setting compiler"));
}

TEST_F(NativeBuildsTest, ACompilationThatTakesTooLongIsEnded) {
  write(jobs() / "slow/CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.16)\nproject(slow NONE)\n"
        "execute_process(COMMAND sleep 600)\n");
  options_.time_limit = std::chrono::milliseconds(300);
  const auto all = builds();
  const NativeModule module = built(*all).native.at("slow");
  ASSERT_TRUE(module.failure);
  EXPECT_THAT(module.failure->message, HasSubstr("took longer than 0.3 seconds"));
  EXPECT_THAT(module.failure->message, HasSubstr("again in 10 minutes"));
}

TEST_F(NativeBuildsTest, ACompilationThatTookTooLongIsTriedAgainEachTimeLater) {
  // Its author's machine is slow until the file is there.
  write(jobs() / "job.cpp", EXPORTED "int answer() { return 3; }\n");
  const fs::path quick = home_.path() / "quick", program = home_.path() / "compiler";
  write(program,
        fmt::format("#!/bin/sh\ncase \"$*\" in *job.cpp) test -e {} || exec sleep 600;; esac\n"
                    "exec c++ \"$@\"\n",
                    quick.string()));
  fs::permissions(program, fs::perms(0755));
  options_.compiler = program;
  options_.time_limit = std::chrono::seconds(3);
  const auto all = builds();
  std::atomic<int> told = 0;
  all->on_built([&] {
    ++told;
    told.notify_all();
  });
  const auto state = [&](NativeBuilds& builds) {
    SourceCode code = source();
    builds.resolve(code, nullptr);
    return code.native.at("job");
  };
  ASSERT_THAT(built(*all).native.at("job").failure->message, HasSubstr("in 10 minutes"));
  told.wait(0);
  clock_.advance(std::chrono::minutes(9));
  EXPECT_FALSE(state(*all).pending) << "it is too early";
  clock_.advance(std::chrono::minutes(1));
  told.wait(1);  // by itself, as it would wake the catalog
  ASSERT_THAT(built(*all).native.at("job").failure->message, HasSubstr("in 20 minutes"));
  clock_.advance(std::chrono::minutes(19));
  EXPECT_FALSE(state(*all).pending);

  write(quick, "");
  options_.time_limit = std::chrono::seconds(60);  // on any machine
  const auto started_anew = builds();
  EXPECT_EQ(answer(built(*started_anew).native.at("job").library), 3);
  EXPECT_EQ(answer(state(*all).library), 3);
}

TEST_F(NativeBuildsTest, StoppingEndsWhatIsBeingCompiled) {
  write(jobs() / "slow/CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.16)\nproject(slow NONE)\n"
        "execute_process(COMMAND sleep 600)\n");
  auto all = builds();
  SourceCode code = source();
  all->resolve(code, nullptr);
  EXPECT_EQ(code.native.at("slow").failure->type, "Compiling");
  all.reset();
  EXPECT_FALSE(fs::exists(options_.folder / code.native.at("slow").key / "module.so"));
}

}  // namespace
}  // namespace windlass::engine
