# Writes the registry of subsystems: each model/subsystems/<name>.cpp defines
#   void register_<name>(asaemu::Registry& registry);
# and is called in the order of the names.
set(REGISTRY_SOURCE ${CMAKE_BINARY_DIR}/generated/registry.cpp)
set(declarations "")
set(calls "")
list(SORT SUBSYSTEM_SOURCES)
foreach(source ${SUBSYSTEM_SOURCES})
  get_filename_component(name ${source} NAME_WE)
  string(APPEND declarations "void register_${name}(Registry& registry);\n")
  string(APPEND calls "  register_${name}(registry);\n")
endforeach()
file(CONFIGURE OUTPUT ${REGISTRY_SOURCE} @ONLY CONTENT
"// Written by model/registry.cmake from the files in model/subsystems.
#include \"model/contract/registry.hpp\"

namespace asaemu {

@declarations@
void register_subsystems(Registry& registry);

void register_subsystems(Registry& registry) {
@calls@}

}  // namespace asaemu
")
