#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include "base/files.h"
#include "engine/catalog.h"
#include "engine/test_home.h"
#include "runner/fake_runner.h"

namespace windlass::engine {

namespace fs = std::filesystem;

/// What a module of these tests' own little language declares. A line is one of
///   job NAME [DESCRIPTION]   registers a class
///   queue NAME               … whose class is routed to this queue
///   raise TEXT               the import fails
///   needs MODULE WORD        the import fails unless MODULE's file holds WORD
inline json::object import_module(const runner::VersionSpec& version,
                                  const runner::SourceSpec& source, const std::string& name) {
  const auto text_of = [&](std::string module) {
    std::replace(module.begin(), module.end(), '.', '/');
    for (const runner::SourceSpec& each : version.sources) {
      const auto file = each.path / (module + ".py");
      if (fs::exists(file)) return read_file(file).value();
    }
    return std::string();
  };
  json::array classes;
  json::array queues;
  json::value error;
  std::istringstream lines(text_of(name));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string verb, first, rest;
    words >> verb >> first;
    std::getline(words >> std::ws, rest);
    const bool fails =
        verb == "raise" || (verb == "needs" && text_of(first).find(rest) == std::string::npos);
    if (fails && error.is_null()) {
      error = json::object{{"type", "E"},
                           {"message", first},
                           {"traceback", "Traceback\n" + verb + ": " + first + "\n"}};
    }
    if (verb == "queue") queues.push_back(json::value(first));
    if (verb != "job") continue;
    classes.push_back(json::object{
        {"class_path", name + "." + first},
        {"module_name", name},
        {"job_class_name", first},
        {"grouping", name},
        {"meta", json::object{{"name", first}, {"description", rest}, {"task_queues", queues}}}});
  }
  if (!error.is_null()) classes.clear();
  return {{"name", name}, {"source", source.name}, {"error", error}, {"classes", classes}};
}

inline Result<runner::Manifest> import_version(const runner::VersionSpec& version) {
  json::array modules;
  for (const runner::SourceSpec& source : version.sources) {
    for (const std::string& name : source.modules)
      modules.push_back(import_module(version, source, name));
  }
  return runner::Manifest{version.id,
                          json::object{{"type", "manifest"}, {"threads", 1}, {"modules", modules}}};
}

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() {
    fs::create_directories(options_.jobs_root);
    runner_.on_load(&import_version);
  }
  ~CatalogTest() override {
    catalog_.reset();
    loop_.stop();
  }

  void write(const std::string& module, const std::string& text) {
    // As an editor that is careful does: whole, in one step.
    ASSERT_TRUE(replace_file(options_.jobs_root / (module + ".py"), text, 0644).ok());
  }
  void remove(const std::string& module) { fs::remove(options_.jobs_root / (module + ".py")); }

  /// Begins anew, as after a restart.
  RefreshSummary start() {
    catalog_ = std::make_unique<Catalog>(options_, loop_, runner_, home_.storage(), clock_);
    EXPECT_TRUE(catalog_->start().ok());
    const auto summary = catalog_->first_refresh();
    EXPECT_TRUE(summary.ok()) << summary.error().message;
    return *summary;
  }
  RefreshSummary refresh() {
    const auto summary = catalog_->refresh();
    EXPECT_TRUE(summary.ok()) << summary.error().message;
    return *summary;
  }
  Job record(const std::string& class_path) {
    auto job = home_.storage().jobs().find_by_class_path(class_path);
    return job.ok() ? *job : Job();
  }
  /// Waits until the catalog has seen to it by itself.
  bool comes_true(const std::function<bool()>& condition) { return runner_.wait_until(condition); }
  std::string served_text(const std::string& module) {
    const auto served = runner_.served();
    if (served.empty()) return "";
    return read_file(options_.home / "sources" / served.back() / (module + ".py"))
        .value_or("(no file)");
  }

  SystemClock clock_;
  TestHome home_{clock_};
  EventLoop loop_{"test"};
  runner::FakeRunner runner_{loop_};
  CatalogOptions options_{.jobs_root = home_.path() / "jobs",
                          .home = home_.path(),
                          .quiet = std::chrono::milliseconds(10)};
  std::unique_ptr<Catalog> catalog_;
};

}  // namespace windlass::engine
