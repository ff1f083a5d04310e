# Turns daemon/layers.txt into targets: folder "board: base store" becomes the static library baton_board, linked to
# baton_base and baton_store. A folder cannot link what its line does not name; tests/lint checks its includes.

file(STRINGS ${CMAKE_SOURCE_DIR}/daemon/layers.txt _lines REGEX "^[a-z]")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/daemon/layers.txt)
set(BATON_LAYERS "")
foreach(_line IN LISTS _lines)
  string(REGEX MATCH "^([a-z_-]+):[ ]*(.*)$" _ "${_line}")
  set(_name ${CMAKE_MATCH_1})
  set(_allowed "${CMAKE_MATCH_2}")
  if(_allowed STREQUAL "everything above")
    set(_allowed "${BATON_LAYERS}")
  else()
    string(REGEX REPLACE "[ ]+" ";" _allowed "${_allowed}")
  endif()
  list(APPEND BATON_LAYERS ${_name})
  set(BATON_LAYER_${_name} "${_allowed}")
endforeach()

# baton_layer(name SOURCES files... [LIBS targets...]): the library of one folder. LIBS are libraries of the system.
function(baton_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  if(NOT DEFINED BATON_LAYER_${name})
    message(FATAL_ERROR "folder ${name} has no line in daemon/layers.txt")
  endif()
  add_library(baton_${name} STATIC ${arg_SOURCES})
  target_include_directories(baton_${name} PUBLIC ${CMAKE_SOURCE_DIR}/daemon ${CMAKE_SOURCE_DIR})
  target_link_libraries(baton_${name} PRIVATE baton_options PUBLIC ${arg_LIBS})
  foreach(_dependency IN LISTS BATON_LAYER_${name})
    # A folder that is allowed but not there yet is left out.
    target_link_libraries(baton_${name} PUBLIC $<TARGET_NAME_IF_EXISTS:baton_${_dependency}>)
  endforeach()
endfunction()
