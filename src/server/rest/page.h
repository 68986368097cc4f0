#pragma once

#include <string>
#include <string_view>

#include "server/http/response.h"

namespace windlass::rest {

/// The text with what HTML gives a meaning written as entities.
std::string escape_html(std::string_view text);

/// A small page of our own: no script, nothing fetched from elsewhere. `body` is HTML.
http::Response html_page(std::string_view title, std::string_view body);

}  // namespace windlass::rest
