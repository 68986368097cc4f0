#pragma once

#include <string>
#include <vector>

#include "model/job.h"

namespace windlass {

/// What is wrong with a variable's declaration though its class could be registered, a sentence
/// each: bounds that let nothing through, a default that its own rules refuse. Defaults of object
/// variables and of computed choices are not judged: that takes the database and job code. Pure.
std::vector<std::string> declaration_mistakes(const Variable& variable);

}  // namespace windlass
