#include "server/http/request_parser.h"

#include <algorithm>

#include "base/text.h"
#include "server/http/form.h"

namespace windlass::http {

namespace beast_http = boost::beast::http;

namespace {

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

std::string clean(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? std::string(text) : to_valid_utf8(text);
}

}  // namespace

RequestParser::RequestParser(Request* request, std::size_t header_limit, std::size_t body_limit)
    : request_(request), headers_left_(header_limit) {
  // The vectors keep their memory from one request of a connection to the next.
  request->method.clear();
  request->headers.clear();
  request->query.clear();
  request->params.clear();
  request->route = {};
  request->body = {};
  // Beast looks at the limit a piece at a time; headers_left_ counts the whole.
  this->header_limit(static_cast<std::uint32_t>(header_limit));
  this->body_limit(body_limit);
  eager(true);
}

void RequestParser::on_request_impl(Verb, StringView method, StringView target, int version,
                                    ErrorCode&) {
  request_->method = view(method);
  request_->path = clean(view(target));
  headers_left_ -= std::min(headers_left_, method.size() + target.size());
  version_ = version;
}

void RequestParser::on_field_impl(Field field, StringView name, StringView value,
                                  ErrorCode& error) {
  const std::size_t size = name.size() + value.size() + 4;
  if (size > headers_left_) {
    error = beast_http::error::header_limit;
    return;
  }
  headers_left_ -= size;
  if (header_done_) return;  // trailers of a chunked body: nothing reads them
  if (field == Field::transfer_encoding && !same_header(view(value), "chunked")) {
    // Beast would take such a request for one without a body, and the body for the next request.
    error = beast_http::error::bad_transfer_encoding;
    return;
  }
  if (field == Field::host) ++hosts_;
  if (field == Field::expect) expects_continue_ = same_header(view(value), "100-continue");
  request_->headers.emplace_back(view(name), clean(view(value)));
}

void RequestParser::on_header_impl(ErrorCode& error) {
  header_done_ = true;
  const bool chunked_10 = version_ < 11 && chunked();
  if (hosts_ > 1 || (hosts_ == 0 && version_ >= 11) || chunked_10) {
    error = beast_http::error::bad_field;
  }
}

std::size_t RequestParser::on_body_impl(StringView body, ErrorCode&) {
  request_->body.append(body.data(), body.size());
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, StringView body, ErrorCode& error) {
  return on_body_impl(body, error);
}

Result<void> split_target(Request* request) {
  std::string target = std::move(request->path);
  // Proxies' form: http://host/path.
  if (const std::size_t scheme = target.find("://");
      scheme != std::string::npos && target.find_first_of("/?") > scheme) {
    const std::size_t path = target.find_first_of("/?", scheme + 3);
    target = path == std::string::npos ? "/" : target.substr(path);
    if (target.front() == '?') target.insert(target.begin(), '/');
  }
  const std::size_t mark = target.find('?');
  request->path = target.substr(0, mark);
  request->query_text = mark == std::string::npos ? "" : target.substr(mark + 1);
  // Browsers read a backslash as a slash, so a redirect to such a path could lead to another host.
  const bool asterisk = request->path == "*" && request->method == "OPTIONS";
  if ((!request->path.starts_with('/') && !asterisk) ||
      request->path.find('\\') != std::string::npos) {
    return Error{"http.bad_target",
                 "The request's path has to begin with / and be percent-encoded."};
  }
  if (!request->query_text.empty()) {
    WL_TRY(request->query, parse_form(request->query_text));
  }
  return ok();
}

Refusal refusal_of(const RequestParser::ErrorCode& cause, std::size_t body_limit,
                   std::size_t header_limit) {
  using beast_http::error;
  if (cause == error::body_limit) {
    return {413, "The request's body is larger than the limit of " + std::to_string(body_limit) +
                     " bytes (setting request_body_limit)."};
  }
  if (cause == error::header_limit || cause == error::buffer_overflow) {
    return {431, "The request's line and headers are larger than the limit of " +
                     std::to_string(header_limit) + " bytes."};
  }
  return {400, "This is no valid HTTP request: " + cause.message() + "."};
}

}  // namespace windlass::http
