#include "cli/input_files.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "engine/submit.h"

namespace windlass::cli {

namespace {

/// The file's content, or why not. `left` is what may still be read.
Result<std::string> read_one(const std::string& path, std::int64_t left, std::int64_t limit) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status))
    return Error{"cli.file", fmt::format("{} cannot be found.", path)};
  if (!std::filesystem::is_regular_file(status))
    return Error{"cli.file", fmt::format("{} is not a file.", path)};
  auto content = read_file(path, static_cast<std::size_t>(left));
  if (content.ok() || content.error().code != "file.too_large") return content;
  return Error{"cli.file", fmt::format("{} is too large: the files of a run have at most {} bytes "
                                       "together (setting request_body_limit).",
                                       path, limit)};
}

}  // namespace

Result<UploadedFiles> read_input_files(const std::vector<std::string>& arguments,
                                       std::int64_t limit) {
  UploadedFiles files;
  FieldErrors errors;
  std::int64_t left = limit;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    if (equals == std::string::npos || name.empty() || equals + 1 == argument.size()) {
      errors["--file"].push_back(
          fmt::format("\"{}\" is not NAME=PATH, such as hosts=hosts.csv.", argument));
      continue;
    }
    if (files.contains(name)) {
      errors[name] = {"Give one file."};
      continue;
    }
    const std::string path = argument.substr(equals + 1);
    auto content = read_one(path, left, limit);
    if (!content.ok()) errors[name].push_back(content.error().message);
    if (content.ok()) left -= static_cast<std::int64_t>(content->size());
    files[name] = {safe_file_name(path), std::move(content).value_or("")};
  }
  if (files.size() > kMostInputFiles) {
    errors["--file"].push_back(fmt::format("Give at most {} files with a run.", kMostInputFiles));
  }
  if (errors.empty()) return files;
  return Error{"cli.file", "The files cannot be used.", "", std::move(errors)};
}

}  // namespace windlass::cli
