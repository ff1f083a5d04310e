// Every error that Baton answers is JSON and has at least {"error": ...}.
#pragma once

#include <string_view>

#include "base/fields.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

namespace baton::http {

// The HTTP status that a code stands for: kInvalid 400, kDenied 403, kNotFound 404, kConflict 409, kTooLarge 413,
// kUnprocessable 422, kInternal and kIo 500, kUnavailable 503, kTimeout 504, kNoSpace 507, kCancelled 409.
int status_of(Errc code);

// {"error": <text>}
Response error_response(int status, std::string_view text);

// {"ok": false, "error": <reason, or the text when there is none>, "message": <text>}, and the error's details as
// further members
Response error_response(const Error& error);

// The members of an answer about `error` that every shape of refusal ends with: "message" and the details.
void write_message(json::Writer& json, const Error& error);

// 400 {"error":"invalid body","details":{"formErrors":[…],"fieldErrors":{name:[…]}}}  (contract §1.0)
Response invalid_body(const InvalidBody& invalid);

}  // namespace baton::http
