#pragma once

#include <string>
#include <vector>

#include "runner/version.h"

namespace windlass::runner {

/// The sources of a version that one interpreter imports.
struct VersionPart {
  std::string python;
  VersionSpec spec;  ///< with the whole version's id
};

struct SplitVersion {
  std::vector<VersionPart> parts;  ///< by the first source of each; one at least
  json::array refused;             ///< entries of modules that no interpreter imports: known to
                                   ///< have failed, or an earlier source of another interpreter has
                                   ///< the name
};

/// Parts a version by interpreter; sources that name none have `python`, those of native modules
/// `native_runner`. What is known to have failed is among `refused`.
SplitVersion split_version(const VersionSpec& version, const std::string& python,
                           const std::string& native_runner);

/// Entries of all modules of a part whose interpreter cannot be used, for `why`.
json::array entries_of_failed(const VersionPart& part, const Error& why);

/// One `manifest` frame for the whole version: modules in the order of its sources. A class that
/// several interpreters registered is the first one's.
json::value join_manifests(const VersionSpec& version, std::vector<json::value> frames,
                           json::array more_modules);

}  // namespace windlass::runner
