# Libraries of the system (packages: packaging/apt-build.txt), each as one target.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)

# Asio without Boost, compiled once: its templates are header-only, the rest lies in one object (feasibility: 6.3 -> 4.0 s a file).
# Clang 14 does not announce the coroutines that it has, so Asio is told. Aligned allocation is said for all files alike: Asio's own check
# depends on whether a standard header came before it, and files that disagree free with `delete` what came from aligned_alloc.
add_library(baton_asio STATIC ${CMAKE_SOURCE_DIR}/cmake/asio.cpp)
target_compile_definitions(baton_asio PUBLIC
  ASIO_STANDALONE ASIO_SEPARATE_COMPILATION ASIO_NO_DEPRECATED ASIO_HAS_STD_ALIGNED_ALLOC=1
  $<$<CXX_COMPILER_ID:Clang>:ASIO_HAS_CO_AWAIT=1>
  $<$<CXX_COMPILER_ID:Clang>:ASIO_HAS_STD_COROUTINE=1>)
target_compile_options(baton_asio PUBLIC
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-D__cpp_impl_coroutine=201902L -Wno-builtin-macro-redefined>)
target_link_libraries(baton_asio PUBLIC Threads::Threads)

# The same for its TLS, which only daemon/http uses.
add_library(baton_asio_ssl STATIC ${CMAKE_SOURCE_DIR}/cmake/asio_ssl.cpp)
target_link_libraries(baton_asio_ssl PUBLIC baton_asio OpenSSL::SSL)

# Beast is used without its sockets: headers only, and one translation unit includes them (daemon/http/beast_parsers.cpp).
add_library(baton_beast INTERFACE)
target_link_libraries(baton_beast INTERFACE Boost::headers)
