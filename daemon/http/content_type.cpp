#include "http/content_type.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "http/ascii.hpp"
#include "http/errors.hpp"

namespace baton::http {
namespace {

Response unsupported(std::string_view instead) {
  Response response = error_response(
      415, fmt::format("the body must be JSON and be sent with Content-Type: application/json{}", instead));
  response.headers.emplace_back("Accept", "application/json");  // RFC 9110 §15.5.16
  return response;
}

}  // namespace

bool is_json_type(std::string_view content_type) {
  constexpr std::string_view kApplication = "application/";
  constexpr std::string_view kSuffix = "+json";
  const auto type = text::trimmed(content_type.substr(0, content_type.find(';')));
  if (!ascii::equal(type.substr(0, kApplication.size()), kApplication)) return false;
  const auto subtype = type.substr(kApplication.size());
  if (ascii::equal(subtype, "json")) return true;
  return ascii::is_token(subtype) && subtype.size() > kSuffix.size() &&
         ascii::equal(subtype.substr(subtype.size() - kSuffix.size()), kSuffix);
}

std::optional<Response> refused_type(const Request& request) {
  if (request.body.empty()) return std::nullopt;
  bool said = false;
  for (const auto& [name, value] : request.headers) {
    if (name != "content-type") continue;
    if (!is_json_type(value)) return unsupported(fmt::format(", not \"{}\"", text::shortened(value)));
    said = true;
  }
  if (!said) return unsupported("; it has none");
  return std::nullopt;
}

}  // namespace baton::http
