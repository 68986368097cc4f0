#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/response.h"

namespace windlass::http {

/// One place of the interface, as data.
struct Route {
  /// "GET", "POST", … GET serves HEAD too. OPTIONS is answered by the router.
  std::vector<std::string> methods;
  /// "/api/extras/jobs/{job}/run/": a place takes one whole, non-empty segment. A segment written
  /// out wins over a place.
  std::string pattern;
  Handler handler;
};

/// Finds the handler of a request. Filled before the server starts, then only read (thread-safe).
///
/// A path that has no route without its trailing slash but one with it is redirected (301) for GET
/// and HEAD, and served as if the slash was there for other methods. A known path with another
/// method is answered 405 with Allow.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  /// Two handlers for one method and pattern, or a pattern that does not begin with '/', are broken
  /// promises (WL_CHECK).
  void add(Route route);
  /// A header of the answers that the router makes by itself: 405, OPTIONS and redirects.
  void set_header(std::string_view name, std::string_view value);
  /// What answers unknown paths, in place of 404 {"detail": "Not found."}.
  void set_not_found(Handler handler);

  /// Fills request.route and request.params and calls the handler.
  Response dispatch(Request& request) const;

 private:
  struct Node;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace windlass::http
