// A run as its listener heard it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/runtime.hpp"

namespace baton::plugin_check {

class KeptRun final : public runtime::Listener {
 public:
  void on_event(const runtime::Event& event) override { events.push_back(event); }
  void on_end(const runtime::Outcome& how) override {
    outcome = how;
    ++ends;
  }

  bool ended() const { return outcome.has_value(); }
  std::string words() const;                             // all text of the answer channel together
  std::vector<std::string> statuses() const;             // texts
  std::optional<runtime::SessionEvent> session() const;  // the last one
  std::string how() const;                               // "success", "failed (auth): its detail", "still going on"

  std::vector<runtime::Event> events;
  std::optional<runtime::Outcome> outcome;
  std::size_t ends = 0;
  std::unique_ptr<runtime::Run> handle;  // null: run_start refused it
  std::string refusal;                   // and said this
};

// One line, for comparing what two runs reported.
std::string line_of(const runtime::Event& event);

}  // namespace baton::plugin_check
