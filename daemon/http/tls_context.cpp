#include "http/tls_context.hpp"

#include <array>
#include <system_error>
#include <utility>

#include <openssl/ssl.h>

#include <fmt/format.h>

namespace baton::http {
namespace {

constexpr std::array<unsigned char, 9> kProtocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

void configure(asio::ssl::context& context, const std::filesystem::path& ca_file) {
  context.set_verify_mode(asio::ssl::verify_peer);
  context.set_default_verify_paths();
  if (!ca_file.empty()) context.load_verify_file(ca_file.native());
  SSL_CTX* const raw = context.native_handle();
  if (SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_alpn_protos(raw, kProtocols.data(), kProtocols.size()) != 0)
    throw std::system_error(std::make_error_code(std::errc::not_supported));
}

}  // namespace

Result<TlsContext> TlsContext::make(const std::filesystem::path& ca_file) {
  try {
    asio::ssl::context context(asio::ssl::context::tls_client);
    configure(context, ca_file);
    return TlsContext(std::move(context));
  } catch (const std::system_error& error) {
    return fail(Errc::kInvalid,
                fmt::format("TLS cannot be set up ({}): {}",
                            ca_file.empty() ? "system's certificates" : ca_file.native(), error.what()));
  }
}

}  // namespace baton::http
