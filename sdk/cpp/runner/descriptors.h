#pragma once

#include <unistd.h>

#include <utility>
#include <vector>

namespace windlass::runner {

/// Descriptors that came with a message; closed when nobody takes them.
class Descriptors {
 public:
  Descriptors() = default;
  Descriptors(Descriptors&& other) noexcept : numbers_(std::exchange(other.numbers_, {})) {}
  Descriptors& operator=(Descriptors&& other) noexcept {
    std::swap(numbers_, other.numbers_);
    return *this;
  }
  ~Descriptors() { close(); }

  void add(int number) { numbers_.push_back(number); }
  std::size_t size() const { return numbers_.size(); }
  int operator[](std::size_t index) const { return numbers_[index]; }

  /// Hands them over: whoever has the list closes them.
  std::vector<int> take() { return std::exchange(numbers_, {}); }
  void close() {
    for (const int number : take()) ::close(number);
  }

 private:
  std::vector<int> numbers_;
};

}  // namespace windlass::runner
