// Reads one response out of a stream of bytes, for the client. Beast's basic_parser again: beast_parsers.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace baton::http {

struct ResponseHead {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
};

class ResponseParser {
 public:
  using OnHead = std::function<Result<Unit>(const ResponseHead&)>;
  using OnBody = std::function<Result<Unit>(std::string_view)>;

  // `no_body`: the request was HEAD. Each piece of the body goes to `on_body`, after the head went to `on_head`; their
  // error ends the exchange.
  ResponseParser(bool no_body, OnBody on_body, OnHead on_head = {});
  ~ResponseParser();
  ResponseParser(const ResponseParser&) = delete;
  ResponseParser& operator=(const ResponseParser&) = delete;

  // Shows `bytes`: the unused rest of last time and what followed it. Returns how many need not be shown again. Interim
  // answers (1xx) are skipped. kInternal: not HTTP, or 101, which nobody asked for; kTooLarge: a head beyond 64 KiB.
  Result<std::size_t> put(std::string_view bytes);
  // The stream has ended. An error when the answer is not whole.
  Result<Unit> put_eof();

  bool done() const;
  bool head_done() const;  // of an answer that is not an interim one
  const ResponseHead& head() const;
  // When done: whether another answer may follow on the same connection.
  bool keep_alive() const;
  // Forgets the answer, to read the next one of the same connection.
  void reset();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::http
