#include "api/answer.hpp"

namespace baton::api {

http::Response refused(const Error& error, std::string_view missing) {
  if (error.code != Errc::kNotFound) return http::error_response(error);
  http::Response response = json_object([&](json::Writer& json) {
    json.field("ok", false).field("error", missing);
    http::write_message(json, error);
  });
  response.status = 404;
  return response;
}

http::Response claim_refused(const Error& error) {
  if (error.code != Errc::kConflict) return refused(error, "not_found");
  http::Response response = json_object([&](json::Writer& json) {
    json.field("ok", false).field("error", "conflict").field("reason", error.reason);
    http::write_message(json, error);
  });
  response.status = 409;
  return response;
}

}  // namespace baton::api
