#include "ping.h"

static const auto registered = windlass::jobs::register_jobs<Ping>();
