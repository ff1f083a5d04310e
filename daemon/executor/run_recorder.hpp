// Hears what a runtime reports during one execution: writes it to the event log and sums it up for the ledger.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "board/board.hpp"
#include "board/run.hpp"
#include "reactor/event.hpp"
#include "reactor/task.hpp"
#include "runtime/runtime.hpp"

namespace baton::executor {

class RunRecorder final : public runtime::Listener {
 public:
  // `board` and `clock` must outlive the recorder; writes that are on their way when it dies are still carried out.
  RunRecorder(reactor::Loop& loop, const Clock& clock, board::Board& board, board::Lease lease);

  // `run` is held back while too many of its events wait to be written, so that one noisy runtime cannot fill the
  // store's queue. Detach before the run dies.
  void attach(runtime::Run& run) { flow_->run = &run; }
  void detach() { flow_->run = nullptr; }

  void on_event(const runtime::Event& event) override;
  void on_end(const runtime::Outcome& outcome) override;

  // Waits for the end.
  reactor::Task<runtime::Outcome> ended();
  bool has_ended() const { return outcome_.has_value(); }

  // When the last sign of life came, a promised wait included (monotonic). A run that is held back is alive.
  std::int64_t alive_until_ns();

  const std::optional<runtime::UsageEvent>& usage() const { return usage_; }
  const std::string& session() const { return session_; }  // the last token, empty: none

  // What it said when the outcome has no summary: the end of its own words.
  const std::string& words() const { return words_; }

 private:
  // Shared with the answers that are on their way, which may come after the recorder.
  struct Flow {
    std::size_t in_flight = 0;
    bool held = false;
    bool lost = false;  // an event was refused, and said so
    runtime::Run* run = nullptr;
  };
  static void written(Flow& flow, const Result<Unit>& result);

  void record(const runtime::TextEvent& event);
  void record(const runtime::ToolCallEvent& event);
  void record(const runtime::ToolResultEvent& event);
  void record(const runtime::StatusEvent& event);
  void record(const runtime::UsageEvent& event);
  void record(const runtime::SessionEvent& event);
  void record(const runtime::CustomEvent& event);
  void log(std::string_view kind, std::string data);

  const Clock& clock_;
  board::Board& board_;
  board::Lease lease_;
  reactor::Event end_;
  std::optional<runtime::Outcome> outcome_;
  std::int64_t alive_until_ns_;
  std::optional<runtime::UsageEvent> usage_;
  std::string session_;
  std::string words_;
  std::shared_ptr<Flow> flow_ = std::make_shared<Flow>();
};

// What the ledger keeps of a usage report; unknown numbers stay unknown.
void fill_usage(board::ExecutionEnd& end, const std::optional<runtime::UsageEvent>& usage);

}  // namespace baton::executor
