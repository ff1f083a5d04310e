// Writes the head of a response by hand: a few constants and three numbers, appended to the connection's output.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace baton::http {

// The words of a status line: "404 Not Found".
std::string_view reason_of(int status);

// The Date header's value, formatted once per second.
class DateText {
 public:
  std::string_view now();

 private:
  long long second_ = -1;
  std::string text_;
};

struct HeadStyle {
  bool close = false;       // the connection ends behind this response
  bool keep_alive = false;  // says so, for HTTP/1.0, where it is not the rule
  bool no_store = false;    // unless the response says something about caches itself
};

// Status line and headers with the empty line behind them. Extra headers that could break the head apart (line breaks,
// other control characters, a bad name) are left out. The length announced is the body's, also when the body will not
// be sent (HEAD).
void append_head(std::string& out, const Response& response, HeadStyle style, DateText& date);

// The head of an event stream, which ends with the connection.
void append_stream_head(std::string& out, DateText& date);

// 1xx, 204 and 304 have no body, whatever the handler gave.
bool may_have_body(int status);

}  // namespace baton::http
