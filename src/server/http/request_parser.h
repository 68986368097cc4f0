#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>

#include "base/result.h"
#include "server/http/request.h"

namespace windlass::http {

/// Reads one request from bytes as they come, into a Request. Internal to connections: it includes
/// Beast. Not thread-safe; a new one for each request.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  using ErrorCode = boost::beast::error_code;

  RequestParser(Request* request, std::size_t header_limit, std::size_t body_limit);
  /// The client waits for "100 Continue" before it sends the body.
  bool expects_continue() const { return expects_continue_; }
  bool http11() const { return version_ >= 11; }

 private:
  using Verb = boost::beast::http::verb;
  using Field = boost::beast::http::field;
  using StringView = boost::beast::string_view;

  void on_request_impl(Verb, StringView method, StringView target, int version,
                       ErrorCode& error) override;
  void on_response_impl(int, StringView, int, ErrorCode&) override {}
  void on_field_impl(Field field, StringView name, StringView value, ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(StringView body, ErrorCode&) override;
  void on_chunk_header_impl(std::uint64_t, StringView, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, StringView body, ErrorCode&) override;
  void on_finish_impl(ErrorCode&) override {}

  Request* request_;
  std::size_t headers_left_;
  int version_ = 11;
  int hosts_ = 0;
  bool header_done_ = false;
  bool expects_continue_ = false;
};

/// Fills path, query_text and query from the target that the parser left in request.path.
/// Errors: `http.bad_target`, `http.too_many_fields`.
Result<void> split_target(Request* request);

/// The status of the answer to a parser's error, and its sentence.
struct Refusal {
  int status;
  std::string detail;
};
Refusal refusal_of(const RequestParser::ErrorCode& cause, std::size_t body_limit,
                   std::size_t header_limit);

}  // namespace windlass::http
