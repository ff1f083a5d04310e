// /api/schemas: the formats of files that others write, for their validators.
#include "api/routes.hpp"
#include "handoff/schema.hpp"

namespace baton::api {

std::vector<http::Route> schema_routes() {
  using enum http::Method;
  return {
      {.method = kGet,
       .pattern = "/api/schemas/agent-handoff.json",
       .operation = "readHandoffSchema",
       .summary = "What AGENT_HANDOFF.json may hold, as a JSON Schema (draft 2020-12).",
       .tag = "service",
       .handler =
           [](http::Request&, http::Responder responder) {
             responder.send({.body = handoff::handoff_schema(), .content_type = "application/schema+json"});
           },
       .answers = {{200, "the schema"}}},
  };
}

}  // namespace baton::api
