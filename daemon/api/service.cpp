// /api/health and /api/openapi.json: the service itself.
#include <unistd.h>

#include "api/answer.hpp"
#include "api/routes.hpp"
#include "http/router.hpp"

namespace baton::api {

std::vector<http::Route> service_routes(const ServiceFacts& facts, const http::Router& router,
                                        const executor::Runs& runs, const Waiters& waiters) {
  using enum http::Method;
  return {
      {.method = kGet,
       .pattern = "/api/health",
       .operation = "readHealth",
       .summary = "Answers while the daemon serves.",
       .tag = "service",
       .handler =
           [&facts, &runs, &waiters](http::Request&, http::Responder responder) {
             responder.send(json_object([&](json::Writer& json) {
               json.field("ok", true).field("version", facts.version).field("pid", ::getpid());
               json.field("state", facts.state).field("runs", runs.alive()).field("waiting", waiters.count());
             }));
           },
       .answers = {{200, "it serves"}}},
      {.method = kGet,
       .pattern = "/api/openapi.json",
       .operation = "readOpenApi",
       .summary = "This API, as an OpenAPI 3.1 document.",
       .tag = "service",
       .handler =
           [&facts, &router](http::Request&, http::Responder responder) {
             responder.send({.body = http::openapi_document(router, "Baton", facts.version)});
           },
       .answers = {{200, "the document"}}},
  };
}

}  // namespace baton::api
