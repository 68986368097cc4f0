#include <algorithm>

#include "server/rest/errors.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

constexpr std::size_t kKeyLength = 40;

/// "234567 (admin)"
void write_display(JsonWriter& out, const Token& token, Rendering& rendering) {
  const auto user = rendering.storage().accounts().get_user(token.user);
  if (!user.ok()) rendering.fail(user.error());
  out.text(token.key_tail + (user.ok() ? " (" + user->username + ")" : ""));
}

void write_natural_slug(JsonWriter& out, const Token& token) {
  write_slug(out, token.id.to_string(), token.id);
}

/// The key is known to nobody but its owner: only its end is kept.
void write_key(JsonWriter& out, const Token& token, Rendering&) {
  const std::size_t hidden = kKeyLength - std::min(kKeyLength, token.key_tail.size());
  out.text(std::string(hidden, '*') + token.key_tail);
}

/// The caller's own tokens that the query asks for.
Result<Page<Token>> own_tokens(Call& call, Query query) {
  query.filters.push_back({"user", Filter::Is::kOneOf, {DbValue{call.user.id.to_string()}}});
  return call.storage().accounts().list_tokens(query);
}

Result<http::Response> list_tokens(Call& call) {
  return answer_list<Token>(call, [&](const Query& query) { return own_tokens(call, query); });
}

Result<http::Response> get_token(Call& call) {
  const ResourceInfo& resource = resource_of<Token>();
  WL_TRY(const Uuid id, id_of(call, "id", "token.not_found", resource.label));
  Query query;
  query.filters.push_back({"id", Filter::Is::kOneOf, {DbValue{id.to_string()}}});
  WL_TRY(const Page<Token> page, own_tokens(call, std::move(query)));
  if (page.items.empty()) return no_such("token.not_found", resource.label);
  return answer_object(call, 200, page.items.front());
}

}  // namespace

template <>
const Shape<Token>& shape_of<Token>() {
  static const Shape<Token> shape{
      &write_display,
      &write_natural_slug,
      {{"key", R"({"type":"string","description":"Masked but for its end."})", &write_key}}};
  return shape;
}

void add_token_operations(Operations& operations) {
  operations.push_back(reading("/api/users/tokens/", "Lists the caller's tokens.", &list_tokens,
                               "TokenList", list_parameters<Token>()));
  operations.push_back(reading("/api/users/tokens/{id}/", "Shows one of the caller's tokens.",
                               &get_token, "Token", {depth_parameter()}));
}

}  // namespace windlass::rest
