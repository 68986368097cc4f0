#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/field.h"
#include "server/rest/json_writer.h"
#include "server/rest/rendering.h"

namespace windlass::rest {

/// A member of T's JSON that is not simply one of its fields, or that shows a field otherwise (same
/// name).
template <class T>
struct Computed {
  std::string_view name;
  std::string_view schema;  ///< OpenAPI schema of its value, as JSON text
  void (*write)(JsonWriter& out, const T& object, Rendering& rendering);
};

/// The schema of a member that refers to another object.
inline constexpr std::string_view kReferenceSchema = R"({"$ref":"#/components/schemas/Reference"})";

/// What a kind of object shows besides its field list.
template <class T>
struct Shape {
  void (*display)(JsonWriter& out, const T& object, Rendering& rendering);
  void (*natural_slug)(JsonWriter& out, const T& object);
  std::vector<Computed<T>> computed;
  std::vector<Computed<T>> rendered = {};  ///< what ?render=html adds, at the end
};

/// Defined in the file of each resource (shapes.h lists them).
template <class T>
const Shape<T>& shape_of();

/// One member of T's JSON after the common ones (id, object_type, display, url, natural_slug),
/// prepared for writing.
template <class T>
struct ShownMember {
  std::string name;
  std::string quoted_key;           ///< `"name":`
  const Field<T>* field = nullptr;  ///< the value, when it is a field
  const Computed<T>* computed = nullptr;
  std::string_view override_of = {};  ///< the value is whether this field is overridden
};

template <class T>
const std::vector<ShownMember<T>>& shown_members() {
  static const std::vector<ShownMember<T>> members = [] {
    std::vector<ShownMember<T>> list;
    const Shape<T>& shape = shape_of<T>();
    const auto add = [&](std::string name) -> ShownMember<T>& {
      list.push_back({name, "\"" + name + "\":"});
      return list.back();
    };
    const auto computed_named = [&](std::string_view name) -> const Computed<T>* {
      for (const Computed<T>& computed : shape.computed) {
        if (computed.name == name) return &computed;
      }
      return nullptr;
    };
    for (const Field<T>& field : fields_of<T>()) {
      if (field.has(kHidden) || field.kind == FieldKind::kId) continue;
      ShownMember<T>& member = add(std::string(field.name));
      member.computed = computed_named(field.name);
      if (member.computed == nullptr) member.field = &field;
      if (field.has(kOverridable)) {
        add(std::string(field.name) + "_override").override_of = field.name;
      }
    }
    for (const Computed<T>& computed : shape.computed) {
      if (find_field<T>(computed.name) == nullptr) {
        add(std::string(computed.name)).computed = &computed;
      }
    }
    return list;
  }();
  return members;
}

void write_status(JsonWriter& out, JobResultStatus status);
/// "<text>_<first four of the id>", the end of most natural slugs.
void write_slug(JsonWriter& out, std::string_view text, const Uuid& id);

/// The value of one field.
template <class T>
void write_field(JsonWriter& out, const T& object, const Field<T>& field, Rendering& rendering) {
  const auto write = [&](const auto& value) {
    using V = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<V, bool>)
      out.boolean(value);
    else if constexpr (std::is_same_v<V, std::int64_t>)
      out.integer(value);
    else if constexpr (std::is_same_v<V, double>)
      out.number(value);
    else if constexpr (std::is_same_v<V, std::string>)
      out.text(value);
    else if constexpr (std::is_same_v<V, TimePoint>)
      out.time(value);
    else if constexpr (std::is_same_v<V, JobResultStatus>)
      write_status(out, value);
    else if constexpr (std::is_same_v<V, json::value>)
      out.value(value);
    else if (field.kind == FieldKind::kReference)
      rendering.reference(out, field.refers_to, value);
    else
      out.id(value);
  };
  std::visit(
      [&](const auto member) {
        const auto& value = object.*member;
        if constexpr (requires { value.has_value(); }) {
          value.has_value() ? write(*value) : out.null();
        } else {
          write(value);
        }
      },
      field.member);
}

/// A whole object.
template <class T>
void write_object(JsonWriter& out, const T& object, Rendering& rendering) {
  const Shape<T>& shape = shape_of<T>();
  const ResourceInfo& resource = resource_of<T>();
  const Rendering::Writing writing(rendering, resource.object_type, object.id);
  out.begin_object();
  out.quoted_key("\"id\":");
  out.id(object.id);
  out.quoted_key("\"object_type\":");
  out.text(resource.object_type);
  out.quoted_key("\"display\":");
  shape.display(out, object, rendering);
  out.quoted_key("\"url\":");
  rendering.url(out, resource.path, object.id);
  out.quoted_key("\"natural_slug\":");
  shape.natural_slug(out, object);
  for (const ShownMember<T>& member : shown_members<T>()) {
    out.quoted_key(member.quoted_key);
    if (member.computed != nullptr) {
      member.computed->write(out, object, rendering);
    } else if (member.field != nullptr) {
      write_field(out, object, *member.field, rendering);
    } else if constexpr (requires { object.is_overridden(member.override_of); }) {
      out.boolean(object.is_overridden(member.override_of));
    }
  }
  if (rendering.html()) {
    for (const Computed<T>& member : shape.rendered) {
      out.key(member.name);
      member.write(out, object, rendering);
    }
  }
  out.end_object();
}

}  // namespace windlass::rest
