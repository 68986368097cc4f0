// The golden conversations of spec/transcripts, with the Pool as host and the real SDK as the other
// side: what the Pool tells of a run is what the transcript's child says, and nothing else.
#include <fcntl.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "runner/pool_fixture.h"
#include "runner/version.h"

namespace windlass::runner {
namespace {

struct Line {
  std::string from;
  std::string to;
  json::object frame;  ///< empty for a line that is a signal
  json::array files;   ///< contents of the files that go with an `input_files` frame
};

std::filesystem::path folder() {
  return WINDLASS_TEST_TRANSCRIPTS;
}

/// Where the files of a source lie that a transcript calls `<jobs>` or `<git>`; "" for an app.
std::filesystem::path real_path(std::string_view name) {
  if (name.empty()) return {};
  EXPECT_TRUE(name == "<jobs>" || name == "<git>") << name;
  return folder() / name.substr(1, name.size() - 2);
}

std::vector<Line> read_transcript(const std::string& name) {
  std::vector<Line> lines;
  std::ifstream file(folder() / (name + ".jsonl"));
  for (std::string text; std::getline(file, text);) {
    const auto line = parse_json(text);
    EXPECT_TRUE(line.ok()) << text;
    const json::value* frame = find(*line, "frame");
    const json::value* files = find(*line, "files");
    lines.push_back({get_string(*line, "from"), get_string(*line, "to"),
                     frame == nullptr ? json::object() : frame->get_object(),
                     files == nullptr ? json::array() : files->get_array()});
  }
  EXPECT_FALSE(lines.empty()) << name;
  return lines;
}

/// Whether `text` is the pattern's, in which `<any>` stands for any characters.
bool matches_text(std::string_view pattern, std::string_view text) {
  constexpr std::string_view kAny = "<any>";
  const auto any = pattern.find(kAny);
  if (any == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, any))) return false;
  const std::string_view rest = pattern.substr(any + kAny.size());
  for (std::size_t from = any; from <= text.size(); ++from) {
    if (matches_text(rest, text.substr(from))) return true;
  }
  return false;
}

bool matches(const json::value& pattern, const json::value& value) {
  if (const json::string* text = pattern.if_string()) {
    const std::string_view wanted = to_view(*text);
    if (wanted == "<any>") return true;
    if (wanted == "<int>") return value.is_int64();
    if (wanted == "<number>") return value.is_number();
    if (!value.is_string()) return false;
    return wanted == "<text>" || matches_text(wanted, to_view(value.get_string()));
  }
  if (const json::array* items = pattern.if_array()) {
    const json::array* values = value.if_array();
    return values != nullptr && values->size() == items->size() &&
           std::equal(items->begin(), items->end(), values->begin(), matches);
  }
  if (const json::object* members = pattern.if_object()) {
    const json::object* values = value.if_object();
    return values != nullptr && values->size() == members->size() &&
           std::all_of(members->begin(), members->end(), [&](const auto& member) {
             const json::value* other = values->if_contains(member.key());
             return other != nullptr && matches(member.value(), *other);
           });
  }
  return pattern == value;
}

StopReason reason_of(const json::object& cancel) {
  const std::string reason = get_string(cancel, "reason");
  if (reason == "drain") return StopReason::kDrain;
  return reason == "soft_time_limit" ? StopReason::kSoftTimeLimit : StopReason::kCancelled;
}

class TranscriptTest : public PoolTest, public ::testing::WithParamInterface<const char*> {
 protected:
  /// The version that a `describe` of the host asks for.
  VersionSpec version_of(const json::object& frame) {
    const json::object& asked = frame.at("version").get_object();
    VersionSpec spec{get_string(asked, "id"), {}};
    for (const json::value& source : asked.at("sources").get_array()) {
      SourceSpec made{get_string(source, "kind"),
                      real_path(get_string(source, "path")),
                      get_string(source, "root"),
                      {},
                      get_string(source, "name")};
      for (const json::value& module : source.at("modules").get_array()) {
        made.modules.emplace_back(to_view(module.get_string()));
      }
      spec.sources.push_back(std::move(made));
    }
    return spec;
  }

  /// The host's `describe` is what the transcript has, with real paths.
  static void expect_described(const VersionSpec& spec, const json::object& asked) {
    Version version;
    version.spec = spec;
    json::value wanted = asked.at("version");
    for (json::value& source : wanted.at("sources").get_array()) {
      if (find(source, "path") != nullptr)
        source.at("path") = real_path(get_string(source, "path")).string();
    }
    const json::object described = describe(version);
    EXPECT_TRUE(matches(wanted, described)) << to_text(described);
  }

  void say(const Line& line) {
    const json::object& frame = line.frame;
    const std::string type = get_string(frame, "type");
    if (type == "input_files") {
      // The Pool sends this frame itself, with the next run.
      EXPECT_EQ(get_int(frame, "count"), line.files.size());
      files_ = line.files;
    } else if (type == "run" || type == "choices") {
      next_ = 0;
      run_ = &start("", {}, [&](RunSpec& spec) {
        spec.frame = frame;
        for (const json::value& content : std::exchange(files_, {})) {
          spec.files.push_back(open_file(to_view(content.get_string())));
        }
      });
    } else if (type == "cancel") {
      run_->tell([&](auto& run) { run.stop(reason_of(frame)); });
    } else {
      run_->tell([&](auto& run) { run.send(frame); });
    }
  }

  UniqueFd open_file(std::string_view content) {
    const auto path = uploads_.path() / std::to_string(++opened_);
    std::ofstream(path) << content;
    return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }

  void expect_from_child(const json::object& pattern) {
    json::value said;
    if (get_string(pattern, "type") == "result") {
      const RunEnd& end = run_->wait_end();
      EXPECT_EQ(end.how, RunEnd::How::kResult);
      EXPECT_EQ(run_->frames.size(), next_) << "the child said more than the transcript has";
      said = end.result;
    } else {
      ASSERT_TRUE(run_->wait_for([&] { return run_->frames.size() > next_; })) << to_text(pattern);
      const std::lock_guard lock(run_->mutex);
      said = run_->frames[next_++];
    }
    EXPECT_TRUE(matches(pattern, said)) << to_text(pattern) << "\n" << to_text(said);
  }

  Recorder* run_ = nullptr;
  std::size_t next_ = 0;  ///< of the run's frames
  json::value manifest_;
  json::array files_;
  TemporaryFolder uploads_ = TemporaryFolder::make().value();
  int opened_ = 0;
};

TEST_P(TranscriptTest, ThePoolTellsWhatTheChildSays) {
  options_.reuse = true;  // else every run would be told that it is its child's last
  options_.spares = 1;
  options_.vendor = WINDLASS_TEST_VENDOR;
  for (const Line& line : read_transcript(GetParam())) {
    const std::string type = line.frame.empty() ? "" : get_string(line.frame, "type");
    if (line.from == "host" && type == "describe") {
      const VersionSpec spec = version_of(line.frame);
      expect_described(spec, line.frame);
      const auto manifest = load(spec);
      ASSERT_TRUE(manifest.ok()) << manifest.error().message;
      manifest_ = manifest->frame;
      on_loop([&] { pool_->serve(spec.id); });
    } else if (type == "manifest") {
      EXPECT_TRUE(matches(line.frame, manifest_)) << to_text(manifest_);
    } else if (line.from == "host" && line.to == "child" && !type.empty()) {
      say(line);
    } else if (line.from == "child") {
      expect_from_child(line.frame);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, TranscriptTest,
                         ::testing::Values("ask", "cancel", "choices", "describe", "drain",
                                           "exception", "fail", "file_refused", "inputs",
                                           "receivers", "retry", "return_value", "reuse",
                                           "soft_time_limit", "sources", "success",
                                           "unknown_class"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace windlass::runner
