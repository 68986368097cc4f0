#include "engine/traceback.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/files.h"
#include "base/text.h"
#include "model/job_source.h"
#include "sources/git/slug.h"

namespace windlass::engine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFrames = 500;
constexpr std::size_t kLongestLine = 1000;
constexpr std::uintmax_t kLargestFile = 4 << 20;
constexpr std::int64_t kAround = 4;

/// `  File "/jobs/a.py", line 3, in run`
std::optional<Frame> parse_frame(std::string_view line) {
  constexpr std::string_view kBegin = "  File \"";
  constexpr std::string_view kMiddle = "\", line ";
  constexpr std::string_view kEnd = ", in ";
  if (!line.starts_with(kBegin)) return std::nullopt;
  line.remove_prefix(kBegin.size());
  const auto middle = line.rfind(kMiddle);
  if (middle == std::string_view::npos) return std::nullopt;
  Frame frame;
  frame.file = line.substr(0, middle);
  line.remove_prefix(middle + kMiddle.size());
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), frame.line);
  if (problem != std::errc{}) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (line.starts_with(kEnd)) frame.function = line.substr(kEnd.size());
  return frame;
}

/// The path of a file beneath `folder`; empty when it lies elsewhere.
fs::path beneath(const fs::path& file, const fs::path& folder) {
  fs::path relative = file.lexically_normal().lexically_relative(folder.lexically_normal());
  if (relative.empty() || *relative.begin() == ".." || relative == ".") return {};
  return relative;
}

/// The lines of the version's copy of a file; none when there is no such copy.
class VersionFiles {
 public:
  VersionFiles(const SourceFolders& folders, std::string_view version) {
    constexpr std::string_view kHex = "0123456789abcdef";
    if (version.empty() || version.find_first_not_of(kHex) != std::string_view::npos) return;
    std::error_code failure;
    folder_ = fs::canonical(folders.versions / version, failure);
    if (failure) folder_.clear();
    roots_.push_back(folders.root);
    const fs::path real = fs::canonical(folders.root, failure);
    if (!failure) roots_.push_back(real);
  }

  const std::vector<std::string>& lines_of(const std::string& file) {
    const auto [known, is_new] = lines_.try_emplace(file);
    if (is_new) known->second = read(file);
    return known->second;
  }

 private:
  std::vector<std::string> read(const fs::path& file) const {
    for (const fs::path& root : roots_) {
      const fs::path relative = beneath(file, root);
      if (folder_.empty() || relative.empty()) continue;
      std::error_code failure;
      const fs::path real = fs::canonical(folder_ / relative, failure);
      if (failure || beneath(real, folder_).empty()) continue;
      if (!fs::is_regular_file(real, failure) || fs::file_size(real, failure) > kLargestFile) {
        continue;
      }
      const auto content = read_file(real);
      if (!content.ok()) continue;
      std::vector<std::string> lines;
      for (const std::string_view line : split(*content, '\n')) {
        lines.push_back(to_valid_utf8(utf8_prefix(line, kLongestLine)));
      }
      if (content->ends_with('\n')) lines.pop_back();
      return lines;
    }
    return {};
  }

  fs::path folder_;
  std::vector<fs::path> roots_;
  std::map<std::string, std::vector<std::string>> lines_;
};

}  // namespace

Traceback parse_traceback(std::string_view text) {
  Traceback traceback;
  std::size_t exception = std::string_view::npos;  // where the text after the newest frame begins
  std::size_t at = 0;
  bool in_frames = false;
  for (const std::string_view line : split(text, '\n')) {
    if (auto frame = parse_frame(line)) {
      if (traceback.frames.size() < kMostFrames) traceback.frames.push_back(*std::move(frame));
      in_frames = true;
      exception = std::string_view::npos;
    } else if (in_frames && !line.empty() && !line.starts_with(' ')) {
      exception = at;
      in_frames = false;
    }
    at += line.size() + 1;
  }
  if (exception == std::string_view::npos) exception = traceback.frames.empty() ? 0 : text.size();
  traceback.exception = strip(text.substr(std::min(exception, text.size())));
  return traceback;
}

CodeVersion traced_code(const JobResult& result) {
  if (result.source == kSystemSource && result.git_repository) {
    return {fmt::format("{}{}", kGitSource, get_string(result.result, "slug")),
            get_string(result.result, "head")};
  }
  return {result.source, result.source_version};
}

SourceFolders source_folders(std::string_view source, const fs::path& home,
                             const fs::path& jobs_root) {
  if (source.starts_with(kGitSource)) {
    const std::string_view slug = source.substr(kGitSource.size());
    if (sources::is_slug(slug)) return {home / "git" / slug / "current", home / "git" / slug};
  }
  return {jobs_root, home / "sources"};
}

void add_source_lines(Traceback& traceback, const SourceFolders& folders,
                      std::string_view version) {
  VersionFiles files(folders, version);
  for (Frame& frame : traceback.frames) {
    const std::vector<std::string>& lines = files.lines_of(frame.file);
    const auto count = static_cast<std::int64_t>(lines.size());
    if (frame.line < 1 || frame.line > count) continue;
    const std::int64_t last = std::min(count, frame.line + kAround);
    for (std::int64_t line = std::max<std::int64_t>(1, frame.line - kAround); line <= last;
         ++line) {
      frame.source.push_back({line, lines[static_cast<std::size_t>(line - 1)]});
    }
  }
}

}  // namespace windlass::engine
