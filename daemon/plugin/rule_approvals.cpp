#include "plugin/rule_approvals.hpp"

#include <utility>

#include "base/log.hpp"

namespace baton::plugin {
namespace {

using OnAnswer = std::function<void(runtime::Answer)>;

// The call is shared with the turn that will make it, and emptied when the question is taken back.
class Question final : public runtime::OpenQuestion {
 public:
  explicit Question(std::shared_ptr<OnAnswer> call) : call_(std::move(call)) {}
  ~Question() override { *call_ = nullptr; }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

 private:
  std::shared_ptr<OnAnswer> call_;
};

}  // namespace

std::unique_ptr<runtime::OpenQuestion> RuleApprovals::ask(runtime::Question question, OnAnswer on_answer) {
  const auto rule = rules_.find(question.runtime);
  const bool allowed = rule != rules_.end() && rule->second == ApprovalRule::kAllow;
  log::info("runtime {}: task {} may {}use {}, by its rule", question.runtime, question.task, allowed ? "" : "not ",
            question.tool);
  auto call = std::make_shared<OnAnswer>(std::move(on_answer));
  loop_.post([call, allowed] {
    const auto tell = std::exchange(*call, nullptr);
    if (tell)
      tell({.allowed = allowed, .note = allowed ? "" : "the configuration of this runtime allows no such thing"});
  });
  return std::make_unique<Question>(std::move(call));
}

}  // namespace baton::plugin
