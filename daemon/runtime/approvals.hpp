// Questions of a run: may the agent do this?
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace baton::runtime {

struct Question {
  std::string runtime = {}, agent = {}, task = {}, attempt = {};  // who asks, by ids
  std::string tool = {}, args_json = {}, reason = {};
};

struct Answer {
  bool allowed = false;
  std::string note = {};  // to the agent, from the rule or the person who decided
};

// Destroying it takes the question back.
class OpenQuestion {
 public:
  virtual ~OpenQuestion() = default;
};

class Approvals {
 public:
  virtual ~Approvals() = default;
  // `on_answer` is called once, in a later turn, unless the question is taken back; the question may be destroyed
  // inside. How long an answer may take is its own business; none in time is a no. Never null.
  virtual std::unique_ptr<OpenQuestion> ask(Question question, std::function<void(Answer)> on_answer) = 0;
};

}  // namespace baton::runtime
