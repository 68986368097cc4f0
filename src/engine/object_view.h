#pragma once

#include <string>
#include <type_traits>

#include "base/json.h"
#include "model/field.h"

namespace windlass::engine {

/// Where an object is found, without host: "/api/extras/jobs/0190…/".
std::string object_url(std::string_view path, const Uuid& id);

/// {"id", "object_type", "url"}.
json::object object_reference(std::string_view object_type, const Uuid& id);

/// What a field holds, as job code sees it.
template <class Value>
json::value field_view(const FieldInfo& field, const Value& value) {
  if constexpr (requires { value.has_value(); }) {
    return value.has_value() ? field_view(field, *value) : json::value(nullptr);
  } else if constexpr (std::is_same_v<Value, Uuid>) {
    if (field.kind == FieldKind::kReference) return object_reference(field.refers_to, value);
    return json::value(value.to_string());
  } else if constexpr (std::is_same_v<Value, TimePoint>) {
    return json::value(to_rfc3339(value));
  } else if constexpr (std::is_same_v<Value, JobResultStatus>) {
    return json::value(to_json_view(to_string(value)));
  } else {
    return json::value(value);
  }
}

/// The whole object.
template <class T>
json::object object_view(const T& object, std::string display) {
  const ResourceInfo& resource = resource_of<T>();
  json::object view{{"id", object.id.to_string()},
                    {"object_type", to_json_view(resource.object_type)},
                    {"display", std::move(display)},
                    {"url", object_url(resource.path, object.id)}};
  for (const Field<T>& field : fields_of<T>()) {
    if (field.has(kHidden) || field.kind == FieldKind::kId) continue;
    view[to_json_view(field.name)] =
        std::visit([&](auto member) { return field_view(field, object.*member); }, field.member);
  }
  return view;
}

}  // namespace windlass::engine
