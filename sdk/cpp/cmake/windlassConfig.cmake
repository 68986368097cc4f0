# find_package(windlass) gives
#   windlass::jobs     for a job module: add_library(my_jobs MODULE my_jobs.cpp)
#   windlass::testing  for a test program of jobs: the headers with the library
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/windlassTargets.cmake)
