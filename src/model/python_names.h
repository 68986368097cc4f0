#pragma once

#include <string_view>

namespace windlass {

/// Whether a top-level module of that name, which begins with a letter, comes with Python.
bool is_python_library_module(std::string_view name);

}  // namespace windlass
