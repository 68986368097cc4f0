/// Text in a declaration: a literal or a string that lives as long as the declaration.
#pragma once

#include <string>
#include <string_view>

#pragma GCC visibility push(default)
namespace windlass::jobs {
inline namespace v1 {

/// A view of text. Unlike std::string_view it cannot be made from two things in braces, so that
/// lists of pairs mean what they look like.
class Text {
 public:
  constexpr Text() = default;
  constexpr Text(const char* text) : view_(text == nullptr ? std::string_view() : text) {}
  constexpr Text(std::string_view text) : view_(text) {}
  Text(const std::string& text) : view_(text) {}
  constexpr std::string_view view() const { return view_; }
  std::string string() const { return std::string(view_); }
  constexpr bool empty() const { return view_.empty(); }

 private:
  std::string_view view_;
};

}  // namespace v1
}  // namespace windlass::jobs
#pragma GCC visibility pop
