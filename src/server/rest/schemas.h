#pragma once

#include <string_view>

#include "base/json.h"
#include "model/field.h"

namespace windlass::rest {

/// Every schema that operations name, by name: those of the field lists, and those of answers that
/// have none.
json::object component_schemas();

/// The schema of a field's value.
json::value field_schema(const FieldInfo& field, bool nullable);

}  // namespace windlass::rest
