#pragma once

#include <string>

namespace windlass::cli {

/// Asks on stderr and reads a line of standard input, which a terminal does not show meanwhile; a
/// signal that ends the program leaves the terminal as it was. Main thread only.
std::string ask_password(const char* question);

}  // namespace windlass::cli
