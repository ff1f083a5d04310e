#include "base/digest.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/bug.hpp"
#include "base/text.hpp"

namespace baton {
namespace {

std::string digest_hex(const EVP_MD* kind, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) == 1,
          "libcrypto has no such digest");
  return text::hex({reinterpret_cast<const char*>(out.data()), size});
}

}  // namespace

std::string sha1_hex(std::string_view bytes) { return digest_hex(EVP_sha1(), bytes); }
std::string sha256_hex(std::string_view bytes) { return digest_hex(EVP_sha256(), bytes); }

}  // namespace baton
