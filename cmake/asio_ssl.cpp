// What Asio adds to OpenSSL, compiled once: see baton_asio_ssl in dependencies.cmake.
#include <asio/ssl/impl/src.hpp>
