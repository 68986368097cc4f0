#pragma once

#include <windlass/jobs.hpp>

class Limits : public windlass::jobs::Job {
 public:
  windlass::jobs::Json run() override { return load_yaml("limits.yaml"); }
};
