// Frames of server-sent events (WHATWG HTML §9.2). EventStream sends what these functions make.
#pragma once

#include <string>
#include <string_view>

namespace baton::http::sse {

struct Event {
  std::string_view id = {};     // empty: none; the client sends the last one back as Last-Event-ID
  std::string_view event = {};  // empty: "message"
  std::string_view data = {};   // any text; its lines become lines of the frame
};

// Appends one frame. Line breaks and NUL in id and event cannot be expressed and are left out.
void append(std::string& out, const Event& event);

// Appends a comment, which clients ignore: keeps a silent stream open through proxies.
void append_comment(std::string& out, std::string_view text);

}  // namespace baton::http::sse
