include(GoogleTest)

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
  if(M_TESTS)
    list(TRANSFORM M_TEST_DEPENDS PREPEND windlass_)
    add_executable(${name}_test ${M_TESTS})
    target_link_libraries(${name}_test PRIVATE windlass_${name} ${M_TEST_DEPENDS} ${M_LIBRARIES}
                                               GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()
