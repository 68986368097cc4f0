#include <algorithm>

#include "server/rest/body_fields.h"
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

/// Like an answer that shows a token, but with the whole key.
Result<http::Response> create_token(Call& call) {
  constexpr std::size_t kLongestDescription = 200;
  WL_TRY(BodyFields fields, BodyFields::read(call.request));
  engine::NewToken wanted;
  wanted.description = fields.optional_text("description", kLongestDescription);
  wanted.write_enabled = fields.boolean("write_enabled", true);
  wanted.expires = fields.optional_time("expires");
  if (wanted.expires && *wanted.expires <= call.api.context.clock.now()) {
    fields.refuse("expires", "This time has passed.");
  }
  WL_TRY_VOID(fields.finish());
  WL_TRY(const engine::CreatedToken created,
         call.api.context.accounts.create_token(call.user, wanted));
  WL_TRY(http::Response response, answer_object(call, 201, created.token));
  WL_TRY(json::value body, parse_json(response.body));
  body.as_object()["key"] = created.key;
  return http::Response::json(201, body);
}

Result<http::Response> delete_token(Call& call) {
  const std::string_view label = resource_of<Token>().label;
  WL_TRY(const Uuid id, id_of(call, "id", "token.not_found", label));
  const auto deleted = call.api.context.accounts.delete_token(call.user, id);
  if (deleted.ok()) return no_content();
  if (deleted.error().code == "token.not_found") return no_such("token.not_found", label);
  return deleted.error();
}

}  // namespace

template <>
const Shape<Token>& shape_of<Token>() {
  static const Shape<Token> shape{
      &write_display,
      &write_natural_slug,
      {{"key",
        R"({"type":"string","description":"Masked but for its end; whole in the answer that makes the token."})",
        &write_key}}};
  return shape;
}

void add_token_operations(Operations& operations) {
  operations.push_back(reading("/api/users/tokens/", "Lists the caller's tokens.", &list_tokens,
                               "TokenList", list_parameters<Token>()));
  operations.push_back(reading("/api/users/tokens/{id}/", "Shows one of the caller's tokens.",
                               &get_token, "Token", {depth_parameter()}));
  operations.push_back({.method = "POST",
                        .pattern = "/api/users/tokens/",
                        .summary = "Makes a token of the caller's; its key is shown only now.",
                        .handler = &create_token,
                        .request = "NewToken",
                        .response = "Token",
                        .status = 201});
  operations.push_back({.method = "DELETE",
                        .pattern = "/api/users/tokens/{id}/",
                        .summary = "Deletes one of the caller's tokens: it is in force no more.",
                        .handler = &delete_token,
                        .media_type = "",
                        .status = 204});
}

}  // namespace windlass::rest
