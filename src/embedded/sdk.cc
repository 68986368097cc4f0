#include "embedded/sdk.h"

#include <unistd.h>

#include <charconv>
#include <string_view>

#include "base/crypto.h"
#include "base/files.h"

extern "C" {
extern const char windlass_sdk_pack_begin[];
extern const char windlass_sdk_pack_end[];
}

namespace windlass {

namespace fs = std::filesystem;

namespace {

std::string_view pack() {
  return {windlass_sdk_pack_begin,
          static_cast<std::size_t>(windlass_sdk_pack_end - windlass_sdk_pack_begin)};
}

/// Writes the pack's files (format: pack.py) beneath `folder`.
Result<void> unpack_into(const fs::path& folder) {
  std::string_view rest = pack();
  while (!rest.empty()) {
    const auto line_end = rest.find('\n');
    const std::string_view line = rest.substr(0, line_end);
    const auto space = line.rfind(' ');
    WL_CHECK(line_end != std::string_view::npos && space != std::string_view::npos && space > 1,
             "the embedded SDK is damaged");
    std::size_t size = 0;
    std::from_chars(line.data() + space + 1, line.data() + line.size(), size);
    const bool program = line[space - 1] == 'x';
    const fs::path file = folder / line.substr(0, space - 2);
    WL_TRY_VOID(make_folder(file.parent_path(), 0755));
    WL_TRY_VOID(write_new_file(file, rest.substr(line_end + 1, size), program ? 0755 : 0644));
    rest.remove_prefix(line_end + 1 + size);
  }
  return ok();
}

}  // namespace

Result<SdkFolders> unpack_sdk(const fs::path& folder) {
  const fs::path target = folder / content_hash(pack()).substr(0, 16);
  std::error_code failure;
  if (!fs::exists(target, failure)) {
    const fs::path temporary = folder / ("new-" + std::to_string(::getpid()) + "-" + random_hex(4));
    WL_TRY_VOID(make_folder(temporary, 0755));
    auto done = unpack_into(temporary);
    if (done.ok()) fs::rename(temporary, target, failure);
    if (!done.ok() || failure) {
      std::error_code ignored;  // the error that matters is the first one
      fs::remove_all(temporary, ignored);
    }
    WL_TRY_VOID(std::move(done));
    if (failure && !fs::exists(target)) {  // another process may have been first
      return Error{"file.io",
                   "Cannot unpack the SDK to " + target.string() + ": " + failure.message() + "."};
    }
  }
  return SdkFolders{target / "python", target / "vendor", target / "cpp"};
}

}  // namespace windlass
