#include "base/text.h"
#include "server/rest/list.h"
#include "server/rest/openapi.h"
#include "server/rest/shapes.h"

namespace windlass::rest {

namespace {

void write_display(JsonWriter& out, const User& user, Rendering&) {
  out.text(user.username);
}

void write_natural_slug(JsonWriter& out, const User& user) {
  write_slug(out, slugify(user.username), user.id);
}

Result<http::Response> list_users(Call& call) {
  return answer_list<User>(
      call, [&](const Query& query) { return call.storage().accounts().list_users(query); });
}

Result<http::Response> get_user(Call& call) {
  WL_TRY(const Uuid id, id_of(call, "id", "user.not_found", resource_of<User>().label));
  WL_TRY(const User user, found<User>(call.storage().accounts().get_user(id)));
  return answer_object(call, 200, user);
}

}  // namespace

template <>
const Shape<User>& shape_of<User>() {
  static const Shape<User> shape{
      &write_display,
      &write_natural_slug,
      {
          {"config_data", R"({"type":"object"})", &write_empty_object<User>},
          {"groups", R"({"type":"array","items":{}})", &write_empty_array<User>},
          {"default_saved_views", R"({"type":"array","items":{}})", &write_empty_array<User>},
      }};
  return shape;
}

void add_user_operations(Operations& operations) {
  operations.push_back(reading("/api/users/users/", "Lists accounts.", &list_users, "UserList",
                               list_parameters<User>()));
  operations.push_back(reading("/api/users/users/{id}/", "Shows one account.", &get_user, "User"));
}

}  // namespace windlass::rest
