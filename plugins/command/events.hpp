// JSON lines on a program's stdout, as events of its run. The format is in EVENTS.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>
#include <baton/cpp/run.hpp>

namespace command {

// What a "result" line said.
struct SaidResult {
  std::uint32_t result = BATON_RESULT_SUCCESS;
  std::uint32_t error_class = BATON_ERROR_NONE;
  bool retryable = false;
  std::string summary;
};

class EventReader {
 public:
  explicit EventReader(baton::plugin::Run& run) : run_(&run) {}

  // Reports what `line` says. A line that is not a JSON object of a known type is reported as text: nothing is lost.
  // Returns the words of the agent that the line held, for the summary; valid until the next call.
  std::string_view take(std::string_view line);

  const std::optional<SaidResult>& result() const { return result_; }

 private:
  std::optional<std::string_view> dispatch(simdjson::dom::object event);
  void usage(simdjson::dom::object event);
  void set_result(simdjson::dom::object event);

  baton::plugin::Run* run_;
  simdjson::dom::parser parser_;
  std::string padded_;  // the line, with what the parser reads beyond it
  std::string plain_;   // a line that is shown as it is
  std::optional<SaidResult> result_;
};

}  // namespace command
