#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace windlass {

/// Where the SDKs lie after unpacking.
struct SdkFolders {
  std::filesystem::path python;  ///< holds windlass/
  std::filesystem::path vendor;  ///< holds netaddr/ and yaml/
  std::filesystem::path native;  ///< of C++: holds bin/, include/ and lib/
};

/// Unpacks the SDKs that this binary carries under `<folder>/<content hash>/`, unless it
/// is there, and returns where. Several processes may do it at once. Error `file.io`.
Result<SdkFolders> unpack_sdk(const std::filesystem::path& folder);

}  // namespace windlass
