# baton_add_plugin(name SOURCES files... [LIBS targets...]): a plugin's shared library.
#
# No "lib" in front, one exported symbol, and every symbol it uses must be found when it is linked and when it is
# loaded: what is missing is an error of the build or of the loading, never of a run.
function(baton_add_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  set(_map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  add_library(${name} MODULE ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${BATON_PLUGIN_OUTPUT_DIRECTORY}
    LINK_DEPENDS ${_map})
  target_link_libraries(${name} PRIVATE baton_options baton_plugin-api ${arg_LIBS})
  target_link_options(${name} PRIVATE -Wl,--version-script=${_map} -Wl,-z,now)
  if(NOT BATON_SANITIZE)  # a sanitizer's functions come from the program that loads the plugin
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()
