// Questions answered by one rule per runtime, without a person. What asks people stands in front of it, or in its place
// (PluginSettings::approvals).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "plugin/settings.hpp"
#include "reactor/loop.hpp"
#include "runtime/approvals.hpp"

namespace baton::plugin {

class RuleApprovals final : public runtime::Approvals {
 public:
  using Rules = std::map<std::string, ApprovalRule, std::less<>>;  // by the runtime's id

  // Who is not among the rules is refused.
  RuleApprovals(reactor::Loop& loop, Rules rules) : loop_(loop), rules_(std::move(rules)) {}

  std::unique_ptr<runtime::OpenQuestion> ask(runtime::Question question,
                                             std::function<void(runtime::Answer)> on_answer) override;

 private:
  reactor::Loop& loop_;
  Rules rules_;
};

}  // namespace baton::plugin
