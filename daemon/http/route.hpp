// One row of the table of routes: what a path is called, what it takes, and who answers it.
//
// The table is the one source for the router and for the OpenAPI document, so what is served is what is documented.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"
#include "reactor/task.hpp"

namespace baton::http {

// Called on the reactor, once per request; answers through the responder, at once or later.
using Handler = std::function<void(Request&, Responder)>;

// A handler that waits: it owns the request, runs in the server's scope to its end whether or not the client stays.
using TaskHandler = std::function<reactor::Task<Response>(Request)>;

// Kind, bounds and words are what the OpenAPI document says; the handler reads the text.
struct QueryParameter {
  std::string_view name;
  std::string_view about;
  Kind kind = Kind::kText;
  std::int64_t min = Field{}.min;
  std::int64_t max = Field{}.max;
  std::span<const std::string_view> one_of = {};
};

struct HeaderParameter {
  std::string_view name;
  std::string_view about;
};

struct Answer {
  int status;
  std::string_view about;
};

// Texts and spans are constants.
struct Route {
  Method method;
  std::string_view pattern;    // "/api/board/{taskId}/claim": literal segments and {names}
  std::string_view operation;  // OpenAPI operationId, "claimTask"
  std::string_view summary;
  std::string_view tag;  // "board"
  Handler handler = {};  // one of the two is set
  TaskHandler task_handler = {};
  std::span<const Field> body = {};  // fields of the JSON body; when there are any, no other type of body is let in
  bool any_body = false;             // without fields: the handler takes the body as it is, JSON or not
  std::vector<QueryParameter> query = {};
  std::vector<HeaderParameter> headers = {};  // beyond those of HTTP itself
  std::vector<Answer> answers = {};
};

}  // namespace baton::http
