#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/file_variable.hpp>

#include "arrival.hpp"
#include "declaration.hpp"

namespace windlass::jobs {
inline namespace v1 {
namespace {
constexpr std::size_t kChunk = 65536;

[[noreturn]] void throw_errno(const std::string& name) {
  throw std::system_error(errno, std::generic_category(), "The uploaded file " + name);
}
}  // namespace

bool UploadedFile::fill() const {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kChunk);
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, buffer_.data() + before, kChunk);
  } while (got < 0 && errno == EINTR);
  buffer_.resize(before + static_cast<std::size_t>(got < 0 ? 0 : got));
  if (got < 0) throw_errno(name_);
  return got != 0;
}

std::string UploadedFile::read(std::size_t most) const {
  while (buffer_.size() - at_ < most && fill()) {
  }
  std::string piece = buffer_.substr(at_, most);
  at_ += piece.size();
  return piece;
}

bool UploadedFile::read_line(std::string& line) const {
  std::size_t searched = 0;
  while (true) {
    const std::size_t end = buffer_.find('\n', at_ + searched);
    if (end != std::string::npos) {
      line.assign(buffer_, at_, end - at_);
      at_ = end + 1;
      break;
    }
    searched = buffer_.size() - at_;
    if (fill()) continue;
    if (at_ == buffer_.size()) return false;
    line.assign(buffer_, at_);
    at_ = buffer_.size();
    break;
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

std::vector<std::string> UploadedFile::lines() const {
  std::vector<std::string> all;
  std::string line;
  while (read_line(line)) all.push_back(line);
  return all;
}

void UploadedFile::rewind() const {
  buffer_.clear();
  at_ = 0;
  if (lseek(descriptor_, 0, SEEK_SET) < 0) throw_errno(name_);
}

namespace detail {

UploadedFile Arrival::file(const Json& value) const {
  const std::string& name = value.at("name").as_string();
  const std::int64_t place = value.at("descriptor").as_integer();
  if (place < 0 || static_cast<std::size_t>(place) >= files_.size()) {
    throw FileError("The uploaded file " + name + " did not reach the run.");
  }
  UploadedFile file(name, static_cast<std::size_t>(value.at("size").as_unsigned()),
                    files_[static_cast<std::size_t>(place)]);
  file.rewind();  // the place is shared with whoever wrote the file
  return file;
}

}  // namespace detail

FileVar::~FileVar() = default;
FileVar::FileVar(Job* job, Text name, const FileOptions& options) : Input(job, name) {
  detail::Declaration* declared = declaration();
  if (declared == nullptr) return;
  declared->add(*this, "FileVar", options, Json(), {{"sensitive", options.sensitive}});
}
Json FileVar::to_json() const {
  return value_ ? Json(value_->name()) : Json();
}
void FileVar::arrive(const Json& value, detail::Arrival& arrival) {
  if (!value.is_null()) value_ = arrival.file(value);
}

}  // namespace v1
}  // namespace windlass::jobs
