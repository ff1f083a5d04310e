// The rest of what a host has, played: an HTTP service that knows some answers, tools that answer at once, a person who
// says yes or no.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugin/http_service.hpp"
#include "plugin/tool_service.hpp"
#include "reactor/loop.hpp"
#include "runtime/approvals.hpp"

namespace baton::plugin_check {

struct HttpScript {
  int status = 200;
  plugin::HttpHeaders headers = {};
  std::vector<std::string> body = {};       // piece by piece
  std::optional<Error> end = std::nullopt;  // how it breaks off after the body
};

class ScriptedHttp final : public plugin::HttpService {
 public:
  using Director = std::function<HttpScript(const plugin::HttpRequest& request, std::size_t nth)>;
  // Answers every request with HttpScript{} until it is told otherwise.
  explicit ScriptedHttp(reactor::Loop& loop);

  void direct(Director director) { director_ = std::move(director); }
  Result<std::unique_ptr<plugin::HttpExchange>> start(plugin::HttpRequest request, plugin::HttpEvents events) override;
  const std::deque<plugin::HttpRequest>& requests() const { return requests_; }
  void forget() { requests_.clear(); }

 private:
  reactor::Loop& loop_;
  Director director_;
  std::deque<plugin::HttpRequest> requests_;
};

class ScriptedApprovals final : public runtime::Approvals {
 public:
  explicit ScriptedApprovals(reactor::Loop& loop) : loop_(loop) {}

  void answer_with(runtime::Answer answer) { answer_ = std::move(answer); }
  std::unique_ptr<runtime::OpenQuestion> ask(runtime::Question question,
                                             std::function<void(runtime::Answer)> on_answer) override;
  const std::deque<runtime::Question>& questions() const { return questions_; }
  void forget() { questions_.clear(); }

 private:
  reactor::Loop& loop_;
  runtime::Answer answer_{true, ""};
  std::deque<runtime::Question> questions_;
};

class ScriptedTools final : public plugin::ToolService {
 public:
  explicit ScriptedTools(reactor::Loop& loop) : loop_(loop) {}

  std::string list(const plugin::ToolScope& scope) override;
  std::unique_ptr<plugin::ToolCall> call(const plugin::ToolScope& scope, std::string_view name,
                                         std::string_view args_json,
                                         std::function<void(plugin::ToolResult)> on_result) override;
  const std::deque<std::string>& called() const { return called_; }
  void forget() { called_.clear(); }

 private:
  reactor::Loop& loop_;
  std::deque<std::string> called_;
};

}  // namespace baton::plugin_check
