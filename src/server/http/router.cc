#include "server/http/router.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace windlass::http {

namespace {

/// A route with the names of its pattern's places, in order.
struct Compiled {
  Route route;
  std::vector<std::string> places;
};

/// What one form of a path (with or without the trailing slash) answers, a method.
struct Endpoint {
  std::map<std::string, const Compiled*, std::less<>> methods;
  std::string allow;

  bool exists() const { return !methods.empty(); }
  const Compiled* find(std::string_view method) const {
    auto found = methods.find(method);
    if (found == methods.end() && method == "HEAD") found = methods.find("GET");
    return found == methods.end() ? nullptr : found->second;
  }
  void list_methods() {
    allow.clear();
    for (const auto& [method, route] : methods) allow += method + ", ";
    if (methods.contains("GET") && !methods.contains("HEAD")) allow += "HEAD, ";
    allow += "OPTIONS";
  }
};

bool is_place(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// A path cut at its slashes, without the empty pieces at the ends: "/a/b/" is {"a", "b"} with a
/// slash.
struct Segments {
  explicit Segments(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    slash = path.empty() || path.ends_with('/');
    if (path.empty()) return;
    if (slash) path.remove_suffix(1);
    pieces = split(path, '/');
  }
  std::vector<std::string_view> pieces;
  bool slash = false;
};

}  // namespace

struct Router::Node {
  std::map<std::string, Node, std::less<>> literals;
  std::unique_ptr<Node> place;
  Endpoint with_slash;
  Endpoint plain;
};

struct Router::Impl {
  Node root;
  std::vector<std::unique_ptr<Compiled>> routes;
  NamedValues headers;
  Handler not_found = [](Request&) { return Response::error(404, "Not found."); };

  Response own(Response response) const {
    for (const auto& [name, value] : headers) response.set(name, value);
    return response;
  }

  /// The node of a path, or nullptr; the segments that its places took are appended to `taken`.
  static const Node* find(const Node& node, const Segments& path, std::size_t depth,
                          std::vector<std::string_view>* taken) {
    if (depth == path.pieces.size()) {
      const bool fits = node.with_slash.exists() || (!path.slash && node.plain.exists());
      return fits ? &node : nullptr;
    }
    const std::string_view segment = path.pieces[depth];
    if (segment.empty()) return nullptr;
    const bool escaped = segment.find('%') != std::string_view::npos;
    const auto literal =
        escaped ? node.literals.find(percent_decode(segment)) : node.literals.find(segment);
    if (literal != node.literals.end()) {
      if (const Node* found = find(literal->second, path, depth + 1, taken)) return found;
    }
    if (!node.place) return nullptr;
    taken->push_back(segment);
    if (const Node* found = find(*node.place, path, depth + 1, taken)) return found;
    taken->pop_back();
    return nullptr;
  }
};

Router::Router() : impl_(std::make_unique<Impl>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::set_not_found(Handler handler) {
  impl_->not_found = std::move(handler);
}

void Router::set_header(std::string_view name, std::string_view value) {
  impl_->headers.emplace_back(name, value);
}

void Router::add(Route route) {
  WL_CHECK(route.pattern.starts_with('/'), "a pattern begins with '/': " + route.pattern);
  WL_CHECK(!route.methods.empty() && route.handler, "a route without handler: " + route.pattern);
  auto compiled = std::make_unique<Compiled>();
  compiled->route = std::move(route);
  const Segments path(compiled->route.pattern);
  Node* node = &impl_->root;
  for (const std::string_view segment : path.pieces) {
    WL_CHECK(!segment.empty(), "an empty segment: " + compiled->route.pattern);
    if (is_place(segment)) {
      compiled->places.emplace_back(segment.substr(1, segment.size() - 2));
      if (!node->place) node->place = std::make_unique<Node>();
      node = node->place.get();
    } else {
      node = &node->literals[std::string(segment)];
    }
  }
  Endpoint& endpoint = path.slash ? node->with_slash : node->plain;
  for (const std::string& method : compiled->route.methods) {
    WL_CHECK(endpoint.methods.emplace(method, compiled.get()).second,
             "two handlers for " + method + " " + compiled->route.pattern);
  }
  endpoint.list_methods();
  impl_->routes.push_back(std::move(compiled));
}

Response Router::dispatch(Request& request) const {
  const Segments path(request.path);
  std::vector<std::string_view> taken;
  const Node* node =
      request.path.starts_with('/') ? Impl::find(impl_->root, path, 0, &taken) : nullptr;
  if (!node) return impl_->not_found(request);
  const bool add_slash = !path.slash && !node->plain.exists();
  const Endpoint& endpoint = path.slash || add_slash ? node->with_slash : node->plain;

  if (request.method == "OPTIONS" && !endpoint.find("OPTIONS")) {
    Response response;
    response.status = 204;
    return impl_->own(std::move(response.set("Allow", endpoint.allow)));
  }
  const Compiled* found = endpoint.find(request.method);
  if (!found) {
    Response response = Response::error(
        405, "Method \"" + request.method + "\" not allowed. Use one of: " + endpoint.allow + ".");
    return impl_->own(std::move(response.set("Allow", endpoint.allow)));
  }
  if (add_slash && (request.method == "GET" || request.method == "HEAD")) {
    Response response;
    response.status = 301;
    const std::string query = request.query_text.empty() ? "" : "?" + request.query_text;
    return impl_->own(std::move(response.set("Location", request.path + "/" + query)));
  }
  request.route = found->route.pattern;
  request.params.clear();
  for (std::size_t i = 0; i < taken.size(); ++i) {
    request.params.emplace_back(found->places[i], to_valid_utf8(percent_decode(taken[i])));
  }
  return found->route.handler(request);
}

}  // namespace windlass::http
