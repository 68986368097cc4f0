/// Uploaded files as inputs.
#pragma once

#include <string>
#include <vector>
#include <windlass/jobs/variable.hpp>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// The value of a FileVar: a file, open for reading until the run ends.
///
/// >>> std::string line;
/// >>> while (hosts->read_line(line)) check(line);
class UploadedFile {
 public:
  /// As the client called it.
  const std::string& name() const noexcept { return name_; }
  /// Bytes.
  std::size_t size() const noexcept { return size_; }
  /// Up to `most` bytes from here on; "" at the end. Throws std::system_error.
  std::string read(std::size_t most = static_cast<std::size_t>(-1)) const;
  /// The next line without its line end; false at the end. Throws std::system_error.
  bool read_line(std::string& line) const;
  /// All lines from here on.
  std::vector<std::string> lines() const;
  /// Goes back to the beginning.
  void rewind() const;
  /// The file descriptor, whose place is beyond what read_line() has looked at. It stays the
  /// run's.
  int descriptor() const noexcept { return descriptor_; }

 private:
  friend class detail::Arrival;
  UploadedFile(std::string name, std::size_t size, int descriptor)
      : name_(std::move(name)), size_(size), descriptor_(descriptor) {}
  bool fill() const;

  std::string name_;
  std::size_t size_;
  int descriptor_;
  mutable std::string buffer_ = {};
  mutable std::size_t at_ = 0;
};

struct FileOptions {
  Text label = {};
  Text description = {};
  bool sensitive = false;
  bool required = true;
  Json visible_if = {};
  Text widget = {};
};

/// An uploaded file; without a value when optional and left out.
class FileVar : public Input<UploadedFile> {
 public:
  FileVar(Job* job, Text name, const FileOptions& options = {});
  ~FileVar() override;
  Json to_json() const override;

 private:
  void arrive(const Json& value, detail::Arrival& arrival) override;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
