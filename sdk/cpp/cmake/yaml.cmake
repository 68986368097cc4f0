# libyaml, joined with the one source that calls it, to one object of the library. Its names are local there: who links the
# library needs no libyaml, and may have another one.
find_path(WINDLASS_YAML_INCLUDE yaml.h)
find_library(WINDLASS_YAML_ARCHIVE libyaml.a)
if(NOT WINDLASS_YAML_INCLUDE OR NOT WINDLASS_YAML_ARCHIVE)
  message(FATAL_ERROR "yaml.h and libyaml.a are missing: install Debian's libyaml-dev")
endif()

set(WINDLASS_YAML_SOURCE ${CMAKE_CURRENT_SOURCE_DIR}/src/yaml_compose.cc)
list(REMOVE_ITEM WINDLASS_JOBS_SOURCES ${WINDLASS_YAML_SOURCE})
add_library(windlass_yaml OBJECT ${WINDLASS_YAML_SOURCE})
target_compile_features(windlass_yaml PRIVATE cxx_std_20)
target_include_directories(windlass_yaml PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/include)
target_include_directories(windlass_yaml SYSTEM PRIVATE ${WINDLASS_YAML_INCLUDE})
target_compile_options(windlass_yaml PRIVATE ${WINDLASS_CPP_WARNINGS})
set_target_properties(windlass_yaml PROPERTIES POSITION_INDEPENDENT_CODE ON)

set(WINDLASS_YAML_OBJECT ${CMAKE_CURRENT_BINARY_DIR}/yaml.o)
add_custom_command(
  OUTPUT ${WINDLASS_YAML_OBJECT}
  COMMAND ${CMAKE_LINKER} -r -o ${WINDLASS_YAML_OBJECT} $<TARGET_OBJECTS:windlass_yaml> ${WINDLASS_YAML_ARCHIVE}
  COMMAND ${CMAKE_OBJCOPY} --wildcard --localize-symbol=yaml_* ${WINDLASS_YAML_OBJECT}
  DEPENDS windlass_yaml $<TARGET_OBJECTS:windlass_yaml> ${WINDLASS_YAML_ARCHIVE}
  COMMENT "Joining libyaml" VERBATIM COMMAND_EXPAND_LISTS)
set_source_files_properties(${WINDLASS_YAML_OBJECT} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
