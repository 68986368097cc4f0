/// Files beside a module's source that a job reads.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/job.hpp>

#include "module_files.hpp"
#include "registry.hpp"
#include "run.hpp"
#include "yaml.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 65536;

bool leads_out(const fs::path& name) {
  if (name.empty() || name.is_absolute() || name.string().find('\0') != std::string::npos) {
    return true;
  }
  for (const fs::path& part : name) {
    if (part == "..") return true;
  }
  return false;
}

std::string folder_for(const char* caller_file) {
  const internal::Run* run = internal::current_run();
  std::string folder = run != nullptr ? run->cls.folder : internal::folder_being_loaded();
  return folder.empty() ? internal::folder_of(caller_file) : folder;
}

std::string text_of(const fs::path& path, const std::string& name) {
  const auto failed = [&] { return std::system_error(errno, std::generic_category(), name); };
  struct File {
    int descriptor;
    ~File() {
      if (descriptor >= 0) ::close(descriptor);
    }
  };
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.descriptor < 0) throw failed();
  std::string text;
  while (true) {
    const std::size_t before = text.size();
    text.resize(before + kChunk);
    const ssize_t got = ::read(file.descriptor, text.data() + before, kChunk);
    text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return text;
    if (got < 0 && errno != EINTR) throw failed();
  }
}

/// The text of a file beside the module; `method` asks for it.
std::string beside(const std::string& wanted, const char* method, const char* caller_file) {
  if (leads_out(wanted)) {
    throw JobError(
        format("{}() reads files beside the module and below its folder, got the name {}", method,
               Json(wanted).dump()));
  }
  return text_of(fs::path(folder_for(caller_file)) / wanted, wanted);
}

}  // namespace

Json Job::load_json(Text name, const char* caller_file) const {
  const std::string wanted = name.string();
  const std::string text = beside(wanted, "load_json", caller_file);
  try {
    return Json::parse(text);
  } catch (const JsonError& problem) {
    throw JsonError(wanted + ": " + problem.what());
  }
}

Json Job::load_yaml(Text name, const char* caller_file) const {
  const std::string wanted = name.string();
  return internal::parse_yaml(beside(wanted, "load_yaml", caller_file), wanted);
}

}  // namespace v1
}  // namespace windlass::jobs
