// Reads requests out of a stream of bytes, without touching a socket.
//
// The work is Beast's basic_parser, hidden in beast_parsers.cpp, which writes straight into our Request: no second
// representation, and a request that is used again keeps its memory. HeadRules and set_target() refuse on top what
// Beast lets through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "http/head_rules.hpp"
#include "http/message.hpp"

namespace baton::http {

struct ParserLimits {
  std::size_t head = limits::kRequestHead;
  std::size_t body = limits::kRequestBody;
};

class RequestParser {
 public:
  enum class State : std::uint8_t { kNeedMore, kComplete, kRefused };
  struct Progress {
    std::size_t used = 0;  // bytes that need not be shown again
    State state = State::kNeedMore;
  };

  explicit RequestParser(ParserLimits limits = {});
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // Shows `bytes`: the unused rest of last time, and what followed it, in one piece. Stops behind a complete request.
  // An empty line before a request is skipped. Not after kComplete or kRefused.
  Progress put(std::string_view bytes);

  // Begins the next request. The texts of the last one are cleared; their memory is kept unless it is large.
  void reset();

  // The request under way, and after kComplete the whole one. May be moved from before reset().
  Request& request() { return request_; }

  bool started() const;    // a byte of this request was used or waits for more
  bool head_done() const;  // also after kRefused, when the head was fine
  // From the head on:
  int minor_version() const;      // of HTTP/1.x
  bool keep_alive() const;        // the client wants to
  bool expects_continue() const;  // it waits for "100 Continue" before it sends the body

  // After kRefused.
  const Refusal& refusal() const;

 private:
  class Impl;

  // A cleared name and value at the end of the request's headers.
  std::pair<std::string, std::string>& next_header();

  Request request_;
  std::vector<std::pair<std::string, std::string>> spare_headers_;  // of earlier requests: their memory is used again
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::http
