#include "http/head_rules.hpp"

#include "base/limits.hpp"
#include "http/ascii.hpp"

namespace baton::http {

std::optional<Refusal> HeadRules::field(std::string_view name, std::string_view value) {
  if (++fields_ > limits::kRequestHeaders) return Refusal{431, "too many header lines"};
  if (ascii::equal(name, "host")) {
    if (++hosts_ > 1) return Refusal{400, "more than one Host header"};
  } else if (ascii::equal(name, "transfer-encoding")) {
    return transfer_encoding(value);
  } else if (ascii::equal(name, "content-length")) {
    return content_length(value);
  } else if (ascii::equal(name, "expect")) {
    if (!ascii::equal(value, "100-continue")) return Refusal{417, "unknown expectation"};
    expects_continue_ = true;
  }
  return std::nullopt;
}

std::optional<Refusal> HeadRules::end(int minor) const {
  if (minor >= 1 && hosts_ == 0) return Refusal{400, "no Host header"};
  if (minor == 0 && chunked_) return Refusal{400, "chunked coding in HTTP/1.0"};
  return std::nullopt;
}

std::optional<Refusal> HeadRules::transfer_encoding(std::string_view value) {
  if (chunked_) return Refusal{400, "more than one Transfer-Encoding header"};
  if (lengths_ > 0) return Refusal{400, "both Content-Length and Transfer-Encoding"};
  if (!ascii::equal(value, "chunked")) return Refusal{501, "unknown transfer coding"};
  chunked_ = true;
  return std::nullopt;
}

std::optional<Refusal> HeadRules::content_length(std::string_view value) {
  if (chunked_) return Refusal{400, "both Content-Length and Transfer-Encoding"};
  if (++lengths_ > 1) return Refusal{400, "more than one Content-Length header"};
  if (!ascii::all_digits(value)) return Refusal{400, "Content-Length is not a number"};
  return std::nullopt;
}

}  // namespace baton::http
