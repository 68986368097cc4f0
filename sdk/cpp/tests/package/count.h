#pragma once

#include <vector>
#include <windlass/jobs.hpp>

class Count : public windlass::jobs::Job {
 public:
  windlass::jobs::IntegerVar up_to{this, "up_to", {.min_value = 1, .max_value = 9}};

  windlass::jobs::Json run() override {
    std::vector<int> numbers;
    for (int number = 1; number <= *up_to; ++number) numbers.push_back(number);
    int sum = 0;
    for (const int number : windlass::jobs::track(*this, numbers, "adding")) sum += number;
    create_file("sum.txt", std::to_string(sum));
    return {{"sum", sum}, {"numbers", numbers}};
  }
};
