#include "greet.h"

static const auto registered = windlass::jobs::register_jobs<Greet>({.grouping = "Greetings"});
