#include "server/rest/serialise.h"

namespace windlass::rest {

void write_status(JsonWriter& out, JobResultStatus status) {
  const std::string_view name = to_string(status);
  out.begin_object();
  out.quoted_key("\"value\":\"");
  out.plain_part(name);
  out.plain_part("\",\"label\":\"");
  out.plain_part(name);
  out.plain_part("\"");
  out.end_object();
}

void write_slug(JsonWriter& out, std::string_view text, const Uuid& id) {
  out.begin_text();
  out.text_part(text);
  out.plain_part("_");
  out.plain_part(id.to_string().substr(0, 4));
  out.end_text();
}

}  // namespace windlass::rest
