#include "count.h"

#include "greet.h"

static const auto registered = windlass::jobs::register_jobs<Count>({.grouping = "Greetings"});
