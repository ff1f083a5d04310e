// The requests of the board's API that the workloads send, as bytes, and what their answers say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "load/connection.hpp"

namespace baton::load {

void append_create(std::string& out, std::string_view host, std::string_view title);
void append_claim(std::string& out, std::string_view host, std::string_view task, std::string_view agent);
void append_claim_next(std::string& out, std::string_view host, std::string_view agent);
void append_read(std::string& out, std::string_view host, std::string_view task);
// Any request: POST when there is a body, which is JSON, else GET.
void append_request(std::string& out, std::string_view host, std::string_view path, std::string_view body);

// The "task" of an answer; absent members are empty.
struct TaskSeen {
  std::string id, status, assignee;
};
// Nothing when the body is not JSON with a task in it.
std::optional<TaskSeen> task_in(std::string_view body);

// "503 {"error":…}", shortened: for messages.
std::string shown(const Answer& answer);

}  // namespace baton::load
