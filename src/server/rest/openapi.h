#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "server/rest/filters.h"
#include "server/rest/operation.h"

namespace windlass::rest {

/// The interface as OpenAPI 3.0: made from all_operations() and the field lists, nothing else.
json::value openapi_document(std::string_view version);

/// The parameters of a list: paging, format, and the filters, orders and search of its fields.
std::vector<QueryParameter> query_parameters(const FieldInfos& fields);

template <class T>
std::vector<QueryParameter> list_parameters() {
  return query_parameters(field_infos<T>());
}

}  // namespace windlass::rest
