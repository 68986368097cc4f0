/// Files that a job keeps with its result.
#include <algorithm>
#include <windlass/jobs/job.hpp>

#include "base64.hpp"
#include "run.hpp"
#include "utf8.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxSendable = (std::size_t{64} * 1024 * 1024 - 4096) / 4 * 3;
constexpr std::size_t kDefaultLimit = 10 * 1024 * 1024;

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || name == "." || name == "..") return false;
  for (std::size_t at = 0; at < name.size();) {
    const auto byte = static_cast<unsigned char>(name[at]);
    const std::size_t length = internal::character_length(name, at);
    if (length == 0 || byte < 0x20 || byte == 0x7F || byte == '/' || byte == '\\') return false;
    at += length;
  }
  return true;
}

/// A Markdown link to the kept file.
std::string link_to(const CreatedFile& file) {
  std::string text;
  for (const char c : file.name) {
    if (c == '\\' || c == '[' || c == ']') text += '\\';
    text += c;
  }
  return "[" + text + "](" + file.url + ")";
}

}  // namespace

CreatedFile Job::create_file(Text name, std::string_view content, const char* caller) {
  internal::Run& run = internal::required_run("create_file()");
  if (!is_plain_name(name.view())) {
    throw JobError(
        Json(name.view().substr(0, 300)).dump() +
        " is no plain file name: it must be printable, without slashes, of 1 to 255 bytes");
  }
  const Json& given = run.frame["create_file_max_size"];
  const std::size_t limit =
      std::min(given.is_integer() ? static_cast<std::size_t>(given.as_unsigned()) : kDefaultLimit,
               kMaxSendable);
  if (content.size() > limit) {
    throw JobError(format("The file {} has {} bytes; at most {} are kept of one file", name.view(),
                          content.size(), limit));
  }
  run.check_stop();
  std::string tail = R"(,"name":)";
  detail::append_quoted(tail, name.view());
  tail += R"(,"data":")";
  internal::append_base64(tail, content);
  tail += "\"}";
  const Json answer =
      run.exchange(R"({"type":"file","file":)", tail, "file_created", "file_refused", "file");
  if (answer["type"] == Json("file_refused")) {
    const Json& why = answer["message"];
    throw FileError("The file " + name.string() +
                    " was not kept: " + (why.is_string() ? why.as_string() : "no reason given"));
  }
  CreatedFile file{answer.at("id").as_string(), name.string(), answer.at("url").as_string()};
  logger.info(Format("Created file {}", caller), link_to(file));
  return file;
}

}  // namespace v1
}  // namespace windlass::jobs
