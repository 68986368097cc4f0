#include "worker/inputs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "model/validation.h"

namespace windlass::worker {

namespace {

/// Larger files are data rather than keys or passwords.
constexpr std::size_t kLargestFindable = 64 << 10;

Result<void> write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return file_error("Cannot write", "an uploaded file in memory");
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return ok();
}

/// A new descriptor of the content, opened for reading only, at its beginning.
Result<UniqueFd> in_memory(std::string_view content) {
  const UniqueFd fd(::memfd_create("windlass-input", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return file_error("Cannot make", "an uploaded file in memory");
  WL_TRY_VOID(write_all(fd.get(), content));
  constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (::fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) {
    return file_error("Cannot protect", "an uploaded file in memory");
  }
  const std::string path = fmt::format("/proc/self/fd/{}", fd.get());
  UniqueFd reading(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!reading) return file_error("Cannot open", path);
  return reading;
}

Result<json::object> unsealed(const std::string& sealed, const SealingKey& key) {
  WL_TRY(const std::string text, key.open(sealed));
  WL_TRY(json::value opened, parse_json(text));
  if (!opened.is_object()) return Error{"key.damaged", "The sealed inputs are no JSON object."};
  return std::move(opened.as_object());
}

bool is_secret(const ClaimedRun& run, std::string_view field) {
  if (!run.has_sensitive_variables || !run.result.job_model) return true;
  return std::find(run.sensitive_fields.begin(), run.sensitive_fields.end(), field) !=
         run.sensitive_fields.end();
}

}  // namespace

Result<std::vector<OpenedFile>> open_files(std::vector<InputFile> files, const SealingKey& key) {
  if (files.size() > kMostInputFiles) {
    return Error{"file.too_many",
                 fmt::format("The run has {} files; a job can be given {} at most.", files.size(),
                             kMostInputFiles)};
  }
  std::vector<OpenedFile> opened;
  for (InputFile& file : files) {
    std::string content = std::move(file.content);
    if (file.sealed) {
      WL_TRY(content, key.open(content));
    }
    WL_TRY(UniqueFd descriptor, in_memory(content));
    const bool findable =
        file.sealed && content.size() <= kLargestFindable && is_valid_utf8(content);
    const std::size_t size = content.size();
    opened.push_back({std::move(file.field), std::move(file.name), size,
                      findable ? std::move(content) : "", std::move(descriptor)});
  }
  return opened;
}

Result<RunInputs> open_inputs(const ClaimedRun& run, std::vector<OpenedFile> files,
                              const SealingKey& key) {
  RunInputs inputs;
  const json::value& plain = run.result.task_kwargs;
  if (plain.is_object()) inputs.values = plain.as_object();
  if (!run.sealed_inputs.empty()) {
    WL_TRY(json::object sealed, unsealed(run.sealed_inputs, key));
    for (auto& member : sealed) {
      if (is_secret(run, member.key())) inputs.secrets.add(member.value());
      inputs.values[member.key()] = std::move(member.value());
    }
  }
  for (OpenedFile& file : files) {
    if (!file.sealed_text.empty() && is_secret(run, file.field)) {
      inputs.secrets.add(json::string(file.sealed_text));
    }
    inputs.values[file.field] = {{"name", file.name},
                                 {"size", static_cast<std::int64_t>(file.size)},
                                 {"descriptor", static_cast<std::int64_t>(inputs.files.size())}};
    inputs.files.push_back(std::move(file.descriptor));
  }
  inputs.secrets.prepare();
  return inputs;
}

}  // namespace windlass::worker
