// A module that ends the process while it is loaded.
#include <cstdlib>

static const int never = (std::exit(3), 0);
