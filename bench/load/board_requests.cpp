#include "load/board_requests.hpp"

#include <iterator>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace baton::load {
namespace {

void append_post(std::string& out, std::string_view host, std::string_view body) {
  fmt::format_to(std::back_inserter(out),
                 " HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", host,
                 body.size(), body);
}

std::string object_with(std::string_view name, std::string_view value) {
  std::string body;
  json::Writer(body).object().field(name, value).end();
  return body;
}

}  // namespace

void append_create(std::string& out, std::string_view host, std::string_view title) {
  out += "POST /api/board";
  append_post(out, host, object_with("title", title));
}

void append_claim(std::string& out, std::string_view host, std::string_view task, std::string_view agent) {
  fmt::format_to(std::back_inserter(out), "POST /api/board/{}/claim", task);
  append_post(out, host, object_with("assigneeAgentId", agent));
}

void append_claim_next(std::string& out, std::string_view host, std::string_view agent) {
  out += "POST /api/board/claim-next";
  append_post(out, host, object_with("assigneeAgentId", agent));
}

void append_read(std::string& out, std::string_view host, std::string_view task) {
  fmt::format_to(std::back_inserter(out), "GET /api/board/{} HTTP/1.1\r\nHost: {}\r\n\r\n", task, host);
}

void append_request(std::string& out, std::string_view host, std::string_view path, std::string_view body) {
  if (body.empty()) {
    fmt::format_to(std::back_inserter(out), "GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", path, host);
  } else {
    fmt::format_to(std::back_inserter(out), "POST {}", path);
    append_post(out, host, body);
  }
}

std::optional<TaskSeen> task_in(std::string_view body) {
  const auto document = json::Document::parse(body);
  if (!document) return std::nullopt;
  const auto task = json::member(document->root(), "task");
  if (!task) return std::nullopt;
  const auto text = [&](std::string_view name) { return std::string(json::text(*task, name).value_or("")); };
  return TaskSeen{text("id"), text("status"), text("assigneeAgentId")};
}

std::string shown(const Answer& answer) {
  constexpr std::size_t kShown = 200;
  return fmt::format("{} {}", answer.status, text::repaired_utf8(text::head(answer.body, kShown)));
}

}  // namespace baton::load
