// Small things that every resource needs to answer.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "http/errors.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"

namespace baton::api {

// Most answers are one task; their text is laid out in one piece of memory.
inline constexpr std::size_t kUsualBody = 1024;

// A JSON object; `fill` writes its members.
template <class Fill>
std::string object_text(Fill fill) {
  std::string text;
  text.reserve(kUsualBody);
  json::Writer json(text);
  json.object();
  fill(json);
  json.end();
  return text;
}

// 200 with a JSON object.
template <class Fill>
http::Response json_object(Fill fill) {
  return {.body = object_text(std::move(fill))};
}

// 404 {"ok":false,"error":<missing>,"message":…}, or another error as http::error_response has it. `missing` is the
// contract's word for what is not there.
http::Response refused(const Error& error, std::string_view missing);

// Of a claim: a conflict is {"ok":false,"error":"conflict","reason":"claimed","message":…,<details>}, whatever its
// reason.
http::Response claim_refused(const Error& error);

// A success as `fill(json, value)` renders it, an error as `refuse(error)` answers it.
template <class Value, class Fill, class Refuse>
http::Response answer_of(const Result<Value>& result, Fill fill, Refuse refuse) {
  if (!result) return refuse(result.error());
  return json_object([&](json::Writer& json) { fill(json, *result); });
}

// The same as a callback for Board::write.
template <class Value, class Fill, class Refuse>
auto answer_with(http::Responder responder, Fill fill, Refuse refuse) {
  return [responder = std::move(responder), fill, refuse](Result<Value> result) mutable {
    responder.send(answer_of(result, fill, refuse));
  };
}

}  // namespace baton::api
