// A module that throws when it is loaded.
#include <stdexcept>

static int read_table() {
  throw std::runtime_error("the table is empty");
}

static const int rows = read_table();
