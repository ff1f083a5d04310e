// What all TLS connections of our client share: whom to trust, and which versions are spoken.
#pragma once

#include <filesystem>

#include <asio/ssl/context.hpp>

#include "base/result.hpp"

namespace baton::http {

class TlsContext {
 public:
  // Trusts the system's certificate authorities (SSL_CERT_FILE and SSL_CERT_DIR as OpenSSL reads them) and those in
  // `ca_file`, PEM, if that is not empty. TLS 1.2 at least. Reads files. kInvalid: there is no certificate in
  // `ca_file`.
  static Result<TlsContext> make(const std::filesystem::path& ca_file);

  asio::ssl::context& raw() { return context_; }

 private:
  explicit TlsContext(asio::ssl::context context) : context_(std::move(context)) {}
  asio::ssl::context context_;
};

}  // namespace baton::http
