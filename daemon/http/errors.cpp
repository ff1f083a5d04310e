#include "http/errors.hpp"

#include "base/bug.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace baton::http {
namespace {

// What went wrong may quote what came in or what a program wrote; JSON needs UTF-8.
std::string clean(std::string_view text) { return text::is_utf8(text) ? std::string(text) : text::repaired_utf8(text); }

// Messages of one field are gathered under its name, in the order in which the names first came.
void write_field_errors(json::Writer& json, const std::vector<std::pair<std::string, std::string>>& errors) {
  json.key("fieldErrors").object();
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const std::string& name = errors[i].first;
    bool seen = false;
    for (std::size_t j = 0; j < i; ++j) seen = seen || errors[j].first == name;
    if (seen) continue;
    json.key(name).array();
    for (std::size_t j = i; j < errors.size(); ++j) {
      if (errors[j].first == name) json.value(clean(errors[j].second));
    }
    json.end();
  }
  json.end();
}

}  // namespace

int status_of(Errc code) {
  switch (code) {
    case Errc::kInvalid: return 400;
    case Errc::kNotFound: return 404;
    case Errc::kConflict: return 409;
    case Errc::kUnprocessable: return 422;
    case Errc::kDenied: return 403;
    case Errc::kTooLarge: return 413;
    case Errc::kTimeout: return 504;
    case Errc::kCancelled: return 503;  // by the end of the daemon; a run that somebody cancels has an answer
    case Errc::kUnavailable: return 503;
    case Errc::kNoSpace: return 507;
    case Errc::kIo: return 500;
    case Errc::kInternal: return 500;
  }
  bug("error code out of range");
}

Response error_response(int status, std::string_view text) {
  Response response{.status = status};
  json::Writer(response.body).object().field("error", clean(text)).end();
  return response;
}

Response error_response(const Error& error) {
  Response response{.status = status_of(error.code)};
  json::Writer json(response.body);
  json.object().field("ok", false);
  error.reason.empty() ? json.field("error", clean(error.what)) : json.field("error", error.reason);
  write_message(json, error);
  json.end();
  return response;
}

void write_message(json::Writer& json, const Error& error) {
  json.field("message", clean(error.what));
  for (const auto& detail : error.details) json.raw_field(detail.name, detail.json);
}

Response invalid_body(const InvalidBody& invalid) {
  Response response{.status = 400};
  json::Writer json(response.body);
  json.object().field("error", "invalid body").key("details").object();
  json.key("formErrors").array();
  for (const auto& error : invalid.form_errors) json.value(clean(error));
  json.end();
  write_field_errors(json, invalid.field_errors);
  json.end().end();
  return response;
}

}  // namespace baton::http
