// Small things that every resource needs to read a request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"
#include "http/route.hpp"

namespace baton::api {

// A handler that is a function of what it works on, the request and its responder:
//   void list_tasks(board::Board& board, http::Request& request, http::Responder responder);
//   .handler = bind(list_tasks, board)
// What it works on must outlive the router.
template <class Handle, class... Context>
http::Handler bind(Handle* handle, Context&... context) {
  return [handle, &context...](http::Request& request, http::Responder responder) {
    handle(context..., request, std::move(responder));
  };
}

std::optional<std::int64_t> whole_number(std::string_view text);

// `text` as a whole number from `least` to `most`; kInvalid calls it `name`.
Result<std::int64_t> whole_number(std::string_view text, std::string_view name, std::int64_t least, std::int64_t most);

// The same of the query parameter `name`; `otherwise` when it is absent.
Result<std::int64_t> query_number(const http::Request& request, std::string_view name, std::int64_t least,
                                  std::int64_t most, std::int64_t otherwise);

// The query parameter `name` as a cursor that was given out as history_cursor(); nothing when it is absent. kInvalid
// when no such thing was given out.
Result<std::optional<std::int64_t>> query_history(const http::Request& request, std::string_view name);
std::string history_cursor(std::int64_t before);

}  // namespace baton::api
