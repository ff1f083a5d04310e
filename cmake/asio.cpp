// Asio's one object file: see baton_asio in dependencies.cmake.
#include <asio/impl/src.hpp>
