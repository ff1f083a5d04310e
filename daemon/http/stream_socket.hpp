// The socket of a connection: TCP or unix, as one type. Its executor is the io_context's own, not the type-erased one,
// which would cost an indirection per operation.
#pragma once

#include <asio/basic_stream_socket.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>

namespace baton::http {

using StreamSocket = asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

}  // namespace baton::http
