#include "server/rest/call.h"

namespace windlass::rest {

namespace {

Result<http::Response> list_settings(Call& call) {
  std::string text;
  JsonWriter out(text);
  out.begin_array();
  for (const ShownSetting& setting : call.api.context.settings) {
    out.begin_object();
    out.key("name");
    out.text(setting.name);
    out.key("value");
    out.text(setting.value);
    out.key("default");
    out.text(setting.default_value);
    out.key("origin");
    out.text(setting.origin);
    out.key("type");
    out.text(setting.type);
    out.key("help");
    out.text(setting.help);
    out.end_object();
  }
  out.end_array();
  return http::Response::json(200, std::move(text));
}

}  // namespace

void add_setting_operations(Operations& operations) {
  operations.push_back(reading("/api/settings/",
                               "The settings of this process, with where each value comes from.",
                               &list_settings, "Settings"));
}

}  // namespace windlass::rest
