# `cmake --install` lays out a tree that may be moved: include/, lib/, and
# from runner/ bin/.
include(CMakePackageConfigHelpers)

install(DIRECTORY include/windlass DESTINATION include)
install(TARGETS windlass_headers windlass_jobs EXPORT windlassTargets
  ARCHIVE DESTINATION lib)
install(EXPORT windlassTargets NAMESPACE windlass:: DESTINATION lib/cmake/windlass)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/windlassConfigVersion.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
configure_file(cmake/windlass.pc.in windlass.pc @ONLY)
install(FILES cmake/windlassConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/windlassConfigVersion.cmake
  DESTINATION lib/cmake/windlass)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/windlass.pc DESTINATION lib/pkgconfig)
