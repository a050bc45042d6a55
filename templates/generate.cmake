# From templates/*.yaml and scenarios/*.yaml to C++, by a host tool of our own.
#
# asaemu_templates   the reader of catalogue files: for the tool, and for --templates at run time
# asaemu_messages    the generated structs ("messages/<family>.hpp") and built_in_messages()
# SCENARIOS_SOURCE   embedded_scenarios(), TEMPLATES_SOURCE embedded_templates(): see emulator/yaml/embedded.hpp
get_filename_component(catalogue_root ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set(generated ${CMAKE_BINARY_DIR}/generated)

file(GLOB catalogue_sources CONFIGURE_DEPENDS ${catalogue_root}/templates/*.cpp)
add_library(asaemu_templates STATIC ${catalogue_sources})
target_link_libraries(asaemu_templates PUBLIC asaemu_yaml asaemu_base)

file(GLOB tool_sources CONFIGURE_DEPENDS ${catalogue_root}/templates/tool/*.cpp)
add_executable(catalogue_tool ${tool_sources})
target_link_libraries(catalogue_tool PRIVATE asaemu_templates)

# GLOB sorts by name, which is the order of messages of one id in different files.
file(GLOB catalogue_files CONFIGURE_DEPENDS ${catalogue_root}/templates/*.yaml)
set(message_headers ${generated}/messages/all.hpp)
foreach(file ${catalogue_files})
  get_filename_component(family ${file} NAME_WE)
  list(APPEND message_headers ${generated}/messages/${family}.hpp)
endforeach()

# The tool leaves unchanged files alone, so the stamp, not the files, says that it has run; ninja then rebuilds
# only what a changed header reaches.
add_custom_command(
  OUTPUT ${generated}/catalogue.stamp
  BYPRODUCTS ${generated}/catalogue_data.cpp ${message_headers}
  COMMAND catalogue_tool generate ${generated} ${catalogue_files}
  COMMAND ${CMAKE_COMMAND} -E touch ${generated}/catalogue.stamp
  DEPENDS catalogue_tool ${catalogue_files}
  COMMENT "Generating messages from templates/*.yaml"
  VERBATIM)
add_custom_target(asaemu_catalogue DEPENDS ${generated}/catalogue.stamp)

add_library(asaemu_messages STATIC ${generated}/catalogue_data.cpp)
target_link_libraries(asaemu_messages PUBLIC asaemu_base)
target_include_directories(asaemu_messages PUBLIC ${generated})
add_dependencies(asaemu_messages asaemu_catalogue)

function(asaemu_embed out function)
  add_custom_command(
    OUTPUT ${out}
    COMMAND catalogue_tool embed ${out} ${function} ${ARGN}
    COMMAND ${CMAKE_COMMAND} -E touch ${out}
    DEPENDS catalogue_tool ${ARGN}
    COMMENT "Embedding: ${function}"
    VERBATIM)
endfunction()

file(GLOB scenario_files CONFIGURE_DEPENDS ${catalogue_root}/scenarios/*.yaml)
file(GLOB scenario_parts CONFIGURE_DEPENDS ${catalogue_root}/scenarios/parts/*.yaml)
set(SCENARIOS_SOURCE ${generated}/embedded_scenarios.cpp)
set(TEMPLATES_SOURCE ${generated}/embedded_templates.cpp)
asaemu_embed(${SCENARIOS_SOURCE} embedded_scenarios ${scenario_files} ${scenario_parts})
asaemu_embed(${TEMPLATES_SOURCE} embedded_templates ${catalogue_files})
