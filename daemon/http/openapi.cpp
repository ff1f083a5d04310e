// The OpenAPI 3.1 document. Its order is the table's order, so that the document changes only when the table does.
#include <algorithm>

#include "base/field_schema.hpp"
#include "base/json_writer.hpp"
#include "http/ascii.hpp"
#include "http/router.hpp"

namespace baton::http {
namespace {

void write_body(json::Writer& json, std::span<const Field> fields) {
  json.key("requestBody").object().field("required", any_required(fields));
  json.key("content").object().key("application/json").object().key("schema").object().field("type", "object");
  write_members(json, fields);
  json.end().end().end().end();  // schema, application/json, content, requestBody
}

void write_parameter(json::Writer& json, std::string_view where, const Field& field) {
  json.object().field("name", field.name).field("in", where).field("required", where == "path");
  if (!field.about.empty()) json.field("description", field.about);
  json.key("schema").object();
  write_schema(json, field);
  json.end().end();
}

Field as_field(const QueryParameter& parameter) {
  return {.name = parameter.name,
          .kind = parameter.kind,
          .min = parameter.min,
          .max = parameter.max,
          .one_of = parameter.one_of,
          .about = parameter.about};
}

void write_parameters(json::Writer& json, const Route& route) {
  json.key("parameters").array();
  for (std::string_view rest = route.pattern; rest.find('{') != std::string_view::npos;) {
    rest.remove_prefix(rest.find('{') + 1);
    write_parameter(json, "path", {.name = rest.substr(0, rest.find('}'))});
  }
  for (const QueryParameter& parameter : route.query) write_parameter(json, "query", as_field(parameter));
  for (const HeaderParameter& parameter : route.headers)
    write_parameter(json, "header", {.name = parameter.name, .about = parameter.about});
  json.end();
}

void write_response(json::Writer& json, std::string_view status, std::string_view about, bool is_error) {
  json.key(status).object().field("description", about);
  if (is_error) {
    json.key("content").object().key("application/json").object();
    json.key("schema").object().field("$ref", "#/components/schemas/Error").end();
    json.end().end();
  }
  json.end();
}

void write_responses(json::Writer& json, const Route& route) {
  json.key("responses").object();
  const auto succeeds = [](const Answer& answer) { return answer.status < 400; };
  if (std::none_of(route.answers.begin(), route.answers.end(), succeeds)) write_response(json, "200", "done", false);
  for (const Answer& answer : route.answers) {
    write_response(json, std::to_string(answer.status), answer.about, !succeeds(answer));
  }
  if (!route.body.empty()) write_response(json, "415", "the body is not sent as application/json", true);
  write_response(json, "default", "refused, with the reason", true);
  json.end();
}

void write_operation(json::Writer& json, const Route& route) {
  std::string method;
  ascii::assign_lower(method, to_text(route.method));
  json.key(method).object().field("operationId", route.operation).field("summary", route.summary);
  json.key("tags").array().value(route.tag).end();
  write_parameters(json, route);
  if (!route.body.empty()) write_body(json, route.body);
  write_responses(json, route);
  json.end();
}

// All methods of a pattern stand together, where the pattern first appears in the table.
void write_paths(json::Writer& json, const std::vector<Route>& routes) {
  json.key("paths").object();
  for (auto route = routes.begin(); route != routes.end(); ++route) {
    const auto same = [&route](const Route& other) { return other.pattern == route->pattern; };
    if (std::any_of(routes.begin(), route, same)) continue;
    json.key(route->pattern).object();
    for (auto other = route; other != routes.end(); ++other) {
      if (same(*other)) write_operation(json, *other);
    }
    json.end();
  }
  json.end();
}

// Every error has at least "error" (errors.hpp); the others depend on what refused.
void write_components(json::Writer& json) {
  json.key("components").object().key("schemas").object().key("Error").object().field("type", "object");
  json.key("properties").object();
  json.key("error").object().field("type", "string").end();
  json.key("ok").object().field("type", "boolean").end();
  json.key("message").object().field("type", "string").end();
  json.key("details").object().field("type", "object").end();
  json.end();
  json.key("required").array().value("error").end();
  json.end().end().end();
}

}  // namespace

std::string openapi_document(const Router& router, std::string_view title, std::string_view version) {
  std::string out;
  json::Writer json(out);
  json.object().field("openapi", "3.1.0");
  json.key("info").object().field("title", title).field("version", version).end();
  write_paths(json, router.routes());
  write_components(json);
  json.end();
  return out;
}

}  // namespace baton::http
