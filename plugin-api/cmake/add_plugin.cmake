# baton_add_plugin(name SOURCES files... [LIBS targets...] [CHECK_ARGS arguments...] [NO_CHECK]): a plugin's shared library.
#
# No "lib" in front, one exported symbol, and every symbol it uses must be found when it is linked and when it is
# loaded: what is missing is an error of the build or of the loading, never of a run. Where the validator is installed,
# the test NAME.plugin-check runs it on the plugin, with CHECK_ARGS (such as --config JSON).
#
# Baton's own plugins and those of others are made by this one function. A project may set, for all its plugins:
# BATON_PLUGIN_OUTPUT_DIRECTORY (where they are put), BATON_PLUGIN_LIBS (what they all link).
function(baton_add_plugin name)
  cmake_parse_arguments(arg "NO_CHECK" "" "SOURCES;LIBS;CHECK_ARGS" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "baton_add_plugin(${name} SOURCES files...): '${arg_UNPARSED_ARGUMENTS}' is not understood")
  endif()
  set(_map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  add_library(${name} MODULE ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    C_STANDARD 11
    C_VISIBILITY_PRESET hidden
    CXX_STANDARD 20
    CXX_STANDARD_REQUIRED ON
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${_map})
  if(BATON_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${BATON_PLUGIN_OUTPUT_DIRECTORY})
  endif()
  target_link_libraries(${name} PRIVATE baton::plugin::plugin ${BATON_PLUGIN_LIBS} ${arg_LIBS})
  target_link_options(${name} PRIVATE -Wl,--version-script=${_map} -Wl,-z,now)
  if(NOT BATON_SANITIZE)  # a sanitizer's functions come from the program that loads the plugin
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  if(TARGET baton::plugin::check AND NOT arg_NO_CHECK)
    add_test(NAME ${name}.plugin-check COMMAND baton::plugin::check $<TARGET_FILE:${name}> ${arg_CHECK_ARGS})
  endif()
endfunction()
