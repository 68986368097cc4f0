#pragma once

#include <string_view>

namespace windlass {

/// Whether the text is an identifier of Python, in ASCII letters alone; keywords are.
bool is_python_identifier(std::string_view text);
/// Whether it is a word that Python keeps for itself, such as `class`.
bool is_python_keyword(std::string_view text);
/// Whether a top-level module of that name comes with Python.
bool is_python_library_module(std::string_view name);

}  // namespace windlass
