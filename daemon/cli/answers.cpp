#include "cli/answers.hpp"

#include "base/clock.hpp"
#include "http/target.hpp"

namespace baton::cli {

std::string task_path(std::string_view id, std::string_view rest) {
  return "/api/board/" + http::percent_encoded(id) + std::string(rest);
}

json::Value task_of(json::Value root) { return json::member(root, "task").value_or(root); }

void print_line(json::Value task) {
  fmt::print("{}  {:<11}  {:>3}  {}\n", json::text(task, "id").value_or("?"), json::text(task, "status").value_or("?"),
             json::integer(task, "priority").value_or(0), json::text(task, "title").value_or(""));
}

std::string time_of(json::Value object, std::string_view key) {
  const auto ms = json::integer(object, key);
  return ms ? iso8601(*ms) : "?";
}

}  // namespace baton::cli
