#include "http/channel.hpp"

#include <cerrno>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <fmt/format.h>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/ip/address.hpp>
#include <asio/ssl/error.hpp>
#include <asio/use_awaitable.hpp>

namespace baton::http {
namespace {

constexpr auto kToken = asio::experimental::as_tuple(asio::use_awaitable);

// Has OpenSSL itself check whom the certificate names. An address is no server name (RFC 6066 §3), and the common name
// of a certificate says nothing any more (RFC 9110 §4.3.4).
bool expect_host(SSL* tls, const std::string& host) {
  std::error_code no_address;
  asio::ip::make_address(host, no_address);
  X509_VERIFY_PARAM* const rules = SSL_get0_param(tls);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (!no_address) return X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
  return X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size()) == 1 &&
         SSL_set_tlsext_host_name(tls, host.c_str()) == 1;
}

std::string why_not(SSL* tls, const std::error_code& error) {
  const long verdict = SSL_get_verify_result(tls);
  if (verdict != X509_V_OK)
    return fmt::format("the certificate is not accepted: {}", X509_verify_cert_error_string(verdict));
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) return "the server hung up";
  return error.message();
}

}  // namespace

reactor::Task<Result<Unit>> Channel::handshake(TlsContext& context, std::string host) {
  ERR_clear_error();  // what failed elsewhere on this thread is not this connection's
  tls_.emplace(socket_, context.raw());
  SSL* const tls = tls_->native_handle();
  if (!expect_host(tls, host)) co_return fail(Errc::kIo, fmt::format("TLS with {}: not a name for it", host));
  auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kToken);
  if (error) co_return fail(Errc::kIo, fmt::format("TLS with {}: {}", host, why_not(tls, error)));
  co_return Unit{};
}

bool Channel::Moved::is_end() const { return error == asio::error::eof; }

reactor::Task<Channel::Moved> Channel::read_some(char* into, std::size_t size) {
  const auto room = asio::buffer(into, size);
  if (tls_) {
    auto [error, count] = co_await tls_->async_read_some(room, kToken);
    co_return Moved{error, count};
  }
  auto [error, count] = co_await socket_.async_read_some(room, kToken);
  co_return Moved{error, count};
}

reactor::Task<Channel::Moved> Channel::write_some(std::string_view bytes) {
  const auto what = asio::buffer(bytes.data(), bytes.size());
  if (tls_) {
    auto [error, count] = co_await tls_->async_write_some(what, kToken);
    co_return Moved{error, count};
  }
  auto [error, count] = co_await socket_.async_write_some(what, kToken);
  co_return Moved{error, count};
}

void Channel::close() {
  std::error_code ignored;
  socket_.close(ignored);
}

bool Channel::is_quiet() {
  if (tls_ &&
      (SSL_has_pending(tls_->native_handle()) != 0 || BIO_ctrl_pending(SSL_get_rbio(tls_->native_handle())) > 0))
    return false;
  char byte = 0;
  const auto count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace baton::http
