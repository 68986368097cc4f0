include(GoogleTest)

# What nearly every file includes is parsed once for the modules and once for their tests: parsing it is most of the time that a
# file takes. Files still include what they use.
file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cc "")
foreach(kind precompiled precompiled_tests)
  add_library(windlass_${kind} OBJECT ${PROJECT_BINARY_DIR}/precompiled.cc)
  target_include_directories(windlass_${kind} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_precompile_headers(windlass_${kind} PRIVATE
    <algorithm> <chrono> <filesystem> <functional> <map> <memory> <mutex> <optional> <set> <string> <string_view> <thread>
    <utility> <variant> <vector> <base/clock.h> <base/ids.h> <base/json.h> <base/result.h>)
endforeach()
target_link_libraries(windlass_precompiled_tests PRIVATE GTest::gmock)
target_precompile_headers(windlass_precompiled_tests PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
# Tests are compiled more often than they run: what they test is optimised, they are not.
set(WINDLASS_TEST_OPTIONS -O0 -U_FORTIFY_SOURCE)
target_compile_options(windlass_precompiled_tests PRIVATE ${WINDLASS_TEST_OPTIONS})

# windlass_module(NAME SOURCES a.cc … [DEPENDS module …] [LIBRARIES target …] [TESTS a_test.cc …] [TEST_DEPENDS module …])
#
# One folder of src/, one static library windlass_NAME, and with TESTS one program NAME_test. DEPENDS names other
# modules (public), LIBRARIES third-party targets that only this module's .cc files include (private).
function(windlass_module name)
  cmake_parse_arguments(M "" "" "SOURCES;DEPENDS;LIBRARIES;TESTS;TEST_DEPENDS" ${ARGN})
  add_library(windlass_${name} STATIC ${M_SOURCES})
  target_include_directories(windlass_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM M_DEPENDS PREPEND windlass_)
  target_link_libraries(windlass_${name} PUBLIC ${M_DEPENDS} PRIVATE ${M_LIBRARIES})
  target_precompile_headers(windlass_${name} REUSE_FROM windlass_precompiled)
  if(M_TESTS)
    list(TRANSFORM M_TEST_DEPENDS PREPEND windlass_)
    add_executable(${name}_test ${M_TESTS})
    target_link_libraries(${name}_test PRIVATE windlass_${name} ${M_TEST_DEPENDS} ${M_LIBRARIES}
                                               GTest::gmock GTest::gtest_main)
    target_compile_options(${name}_test PRIVATE ${WINDLASS_TEST_OPTIONS})
    target_precompile_headers(${name}_test REUSE_FROM windlass_precompiled_tests)
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()
