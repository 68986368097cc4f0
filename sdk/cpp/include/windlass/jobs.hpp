/// Everything that a job file needs.
///
/// >>> #include <windlass/jobs.hpp>
/// >>> using namespace windlass::jobs;
/// >>>
/// >>> class Hello : public Job {
/// >>>  public:
/// >>>   StringVar who{this, "who", {.default_value = "world"}};
/// >>>   Json run() override {
/// >>>     logger.info("Greeting {}", *who);
/// >>>     return "hello " + *who;
/// >>>   }
/// >>> };
/// >>> static const auto registered = register_jobs<Hello>();
#pragma once

#include <windlass/jobs/address.hpp>
#include <windlass/jobs/address_variables.hpp>
#include <windlass/jobs/choice.hpp>
#include <windlass/jobs/choice_variables.hpp>
#include <windlass/jobs/errors.hpp>
#include <windlass/jobs/file_variable.hpp>
#include <windlass/jobs/format.hpp>
#include <windlass/jobs/job.hpp>
#include <windlass/jobs/json.hpp>
#include <windlass/jobs/logger.hpp>
#include <windlass/jobs/meta.hpp>
#include <windlass/jobs/object_variables.hpp>
#include <windlass/jobs/objects.hpp>
#include <windlass/jobs/receivers.hpp>
#include <windlass/jobs/registration.hpp>
#include <windlass/jobs/text.hpp>
#include <windlass/jobs/track.hpp>
#include <windlass/jobs/variables.hpp>
