# One place for how everything is compiled. Warnings are errors with both compilers.

option(BATON_TESTS "Build the tests" ON)
option(BATON_BENCH "Build the benchmarks" ON)
option(BATON_FAULT_POINTS "Let tests kill the daemon between two steps (base/fault_point.hpp)" ${BATON_TESTS})
set(BATON_SANITIZE "" CACHE STRING "Sanitizers, as given to -fsanitize= (address,undefined or thread)")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(BATON_PLUGIN_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/baton/plugins)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# What our own code is compiled with; libraries of the system come in as SYSTEM includes.
add_library(baton_options INTERFACE)
target_compile_options(baton_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wswitch-enum -Werror
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-mismatched-new-delete>  # GCC 12 at -O2, inside Asio's coroutine frames
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>)  # GCC 12 at -O2, inside std::string's operator+ (GCC bug 105651)

if(BATON_SANITIZE)
  add_compile_options(-fsanitize=${BATON_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BATON_SANITIZE})
endif()
