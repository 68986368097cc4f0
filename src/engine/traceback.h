#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/job_result.h"

namespace windlass::engine {

struct SourceLine {
  std::int64_t line = 0;
  std::string text;
};

/// One step of a traceback, outermost first.
struct Frame {
  std::string file;  ///< as the traceback names it: where the author edits
  std::int64_t line = 0;
  std::string function;            ///< "" for a line that could not be compiled
  std::vector<SourceLine> source;  ///< around the line, of the code that ran; empty when it is gone
};

struct Traceback {
  std::vector<Frame> frames;
  std::string exception;  ///< "ValueError: …", with all lines of its message
};

/// Where the code that ran is kept.
struct SourceFolders {
  std::filesystem::path root;      ///< what frames are named by
  std::filesystem::path versions;  ///< holds a folder a version: <home>/sources
};

/// A version of a source.
struct CodeVersion {
  std::string source;
  std::string version;
};

/// The code that a result's traceback is of: what ran, or of a sync the commit that it imported.
CodeVersion traced_code(const JobResult& result);

/// Those of a source: a repository's in <home>/git, or those of JOBS_ROOT.
SourceFolders source_folders(std::string_view source, const std::filesystem::path& home,
                             const std::filesystem::path& jobs_root);

/// Reads what Python printed: of a chain of exceptions all frames, and the last exception.
Traceback parse_traceback(std::string_view text);

/// Fills in the source lines around each frame, four before and four after, from the files of that
/// version alone: whatever a traceback names, nothing outside of its folder is read.
void add_source_lines(Traceback& traceback, const SourceFolders& folders, std::string_view version);

}  // namespace windlass::engine
