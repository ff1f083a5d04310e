#include "plugin_check/scripted_services.hpp"

#include <algorithm>
#include <cstddef>

namespace baton::plugin_check {
namespace {

// Something that is open until it is destroyed; what is posted for it asks first.
template <class Base>
class Open : public Base {
 public:
  ~Open() override { *lives_ = false; }
  std::shared_ptr<bool> lives() const { return lives_; }

 private:
  std::shared_ptr<bool> lives_ = std::make_shared<bool>(true);
};

// Hands out head, body and end, one per turn, while it is not paused.
class Exchange final : public plugin::HttpExchange, public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(reactor::Loop& loop, HttpScript script, plugin::HttpEvents events)
      : loop_(loop), script_(std::move(script)), events_(std::move(events)) {}
  void pause(bool paused) override {
    paused_ = paused;
    if (!paused) next();
  }
  void next() {
    if (done_ || std::exchange(posted_, true)) return;
    loop_.post([self = shared_from_this()] { self->turn(); });
  }
  void forget() {
    done_ = true;
    events_ = {};
  }

 private:
  void turn() {
    posted_ = false;
    if (done_ || paused_) return;
    if (!std::exchange(head_told_, true)) {
      if (events_.on_head) events_.on_head(script_.status, script_.headers);
    } else if (piece_ < script_.body.size()) {
      const auto& bytes = script_.body[piece_++];
      if (events_.on_body && !bytes.empty()) events_.on_body(bytes);
    } else {
      done_ = true;
      const auto on_done = std::exchange(events_.on_done, {});
      if (!on_done) return;
      Result<Unit> end = Unit{};
      if (script_.end) end = fail(*script_.end);
      on_done(end);
      return;
    }
    next();
  }

  reactor::Loop& loop_;
  HttpScript script_;
  plugin::HttpEvents events_;
  std::size_t piece_ = 0;
  bool posted_ = false, paused_ = false, head_told_ = false, done_ = false;
};

class ExchangeHandle final : public plugin::HttpExchange {
 public:
  explicit ExchangeHandle(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  ~ExchangeHandle() override { exchange_->forget(); }
  ExchangeHandle(const ExchangeHandle&) = delete;
  ExchangeHandle& operator=(const ExchangeHandle&) = delete;
  void pause(bool paused) override { exchange_->pause(paused); }

 private:
  std::shared_ptr<Exchange> exchange_;
};

}  // namespace

ScriptedHttp::ScriptedHttp(reactor::Loop& loop) : loop_(loop) {
  director_ = [](const plugin::HttpRequest&, std::size_t) {
    HttpScript script;
    script.headers.emplace_back("content-type", "application/json");
    script.body.emplace_back("{}");
    return script;
  };
}

Result<std::unique_ptr<plugin::HttpExchange>> ScriptedHttp::start(plugin::HttpRequest request,
                                                                  plugin::HttpEvents events) {
  auto script = director_(request, requests_.size());
  requests_.push_back(std::move(request));
  auto exchange = std::make_shared<Exchange>(loop_, std::move(script), std::move(events));
  exchange->next();
  return std::make_unique<ExchangeHandle>(std::move(exchange));
}

std::unique_ptr<runtime::OpenQuestion> ScriptedApprovals::ask(runtime::Question question,
                                                              std::function<void(runtime::Answer)> on_answer) {
  questions_.push_back(std::move(question));
  auto open = std::make_unique<Open<runtime::OpenQuestion>>();
  loop_.post([lives = open->lives(), answer = answer_, on_answer = std::move(on_answer)] {
    if (*lives) on_answer(answer);
  });
  return open;
}

std::string ScriptedTools::list(const plugin::ToolScope& scope) {
  if (std::ranges::find(scope.blocked, "note") != scope.blocked.end()) return "[]";
  return R"([{"name":"note","description":"Notes a text","inputSchema":{"type":"object"}}])";
}

std::unique_ptr<plugin::ToolCall> ScriptedTools::call(const plugin::ToolScope& scope, std::string_view name,
                                                      std::string_view /*args_json*/,
                                                      std::function<void(plugin::ToolResult)> on_result) {
  called_.emplace_back(name);
  const bool blocked = std::ranges::find(scope.blocked, name) != scope.blocked.end();
  const bool known = name == "note" && !blocked;
  auto open = std::make_unique<Open<plugin::ToolCall>>();
  loop_.post([lives = open->lives(), known, on_result = std::move(on_result)] {
    if (*lives) on_result({known, known ? "noted" : "there is no such tool"});
  });
  return open;
}

}  // namespace baton::plugin_check
