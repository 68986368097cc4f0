// A module that ends the process when it is loaded.
#include <signal.h>

static const int never = ::raise(SIGSEGV);
