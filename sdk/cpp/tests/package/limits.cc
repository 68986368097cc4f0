#include "limits.h"

static const auto registered = windlass::jobs::register_jobs<Limits>();
