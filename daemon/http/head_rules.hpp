// What a request's head must fulfil beyond the grammar.
//
// Beast checks the grammar and the limits. It lets through what makes two readers of one byte stream disagree about
// where a request ends (request smuggling) or whom it is for: unknown transfer codings, a missing or repeated Host.
// These rules refuse that; they see the fields one by one and then the head as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace baton::http {

// Why a request is not served: an HTTP status and a constant text.
struct Refusal {
  int status = 0;
  std::string_view text;
};

class HeadRules {
 public:
  // One header line; `value` without surrounding white space. Call in order.
  std::optional<Refusal> field(std::string_view name, std::string_view value);

  // After the last one. `minor` is 0 or 1, of HTTP/1.x.
  std::optional<Refusal> end(int minor) const;

  bool expects_continue() const { return expects_continue_; }

 private:
  std::optional<Refusal> transfer_encoding(std::string_view value);
  std::optional<Refusal> content_length(std::string_view value);

  std::size_t fields_ = 0;
  std::uint32_t hosts_ = 0;
  std::uint32_t lengths_ = 0;
  bool chunked_ = false;
  bool expects_continue_ = false;
};

}  // namespace baton::http
