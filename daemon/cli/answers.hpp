// What the commands about tasks share: where a task is, and how an answer is shown.
#pragma once

#include <string>
#include <string_view>

#include <fmt/core.h>

#include "base/json_writer.hpp"
#include "cli/api_client.hpp"
#include "cli/commands.hpp"

namespace baton::cli {

// "/api/board/<id><rest>", encoded.
std::string task_path(std::string_view id, std::string_view rest = {});

// A JSON object; `fill(json)` writes its members.
template <class Fill>
std::string body_of(Fill fill) {
  std::string body;
  json::Writer json(body);
  json.object();
  fill(json);
  json.end();
  return body;
}

// One request, and its answer on stdout: `say(root)` prints it in words and gives the exit code. With `as_json` the
// answer itself is printed, a refusal too.
template <class Say>
int ask(ApiClient& client, http::Method method, std::string target, std::string body, bool as_json, Say say) {
  const auto answer = client.call(method, std::move(target), std::move(body));
  if (!answer) return report(answer.error());
  if (as_json) fmt::print("{}\n", simdjson::to_string(answer->body.root()));
  if (!answer->ok()) return as_json ? kRefused : report({Errc::kConflict, refusal_text(*answer)});
  return as_json ? kOk : say(answer->body.root());
}

// The member "task" of an answer.
json::Value task_of(json::Value root);

// "<id>  todo           0  title"
void print_line(json::Value task);

// A time of the wire for people; "?" when there is none.
std::string time_of(json::Value object, std::string_view key);

}  // namespace baton::cli
