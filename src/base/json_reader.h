#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string_view>

namespace windlass {

/// Reads JSON texts, one after another, with the memory of those before. Numbers become the nearest
/// double, which Boost.JSON's own parser may miss by one digit; one beyond the range of floating
/// point, which could not be written again, is an error. Not thread-safe.
class JsonReader {
 public:
  explicit JsonReader(std::size_t max_depth);
  ~JsonReader();

  /// The value of a text that holds nothing else; null, with `error` set, when it is no JSON or
  /// nested too deeply. `used` is then how many bytes were understood.
  boost::json::value read(std::string_view text, boost::json::error_code& error, std::size_t& used);

 private:
  struct Parser;
  const std::size_t max_depth_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace windlass
