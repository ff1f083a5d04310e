#include "api/answer.hpp"

namespace baton::api {

http::Response refused(const Error& error, std::string_view missing) {
  if (error.code != Errc::kNotFound) return http::error_response(error);
  http::Response response = json_object(
      [&](json::Writer& json) { json.field("ok", false).field("error", missing).field("message", error.what); });
  response.status = 404;
  return response;
}

}  // namespace baton::api
