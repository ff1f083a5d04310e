#include "command/events.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace command {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

std::string_view text(object event, std::string_view name) {
  std::string_view value;
  return event[name].get_string().get(value) == simdjson::SUCCESS ? value : std::string_view();
}

std::int64_t count(object event, std::string_view name) {
  std::int64_t value = 0;
  return event[name].get_int64().get(value) == simdjson::SUCCESS && value >= 0 ? value : -1;
}

bool flag(object event, std::string_view name, bool fallback) {
  bool value = false;
  return event[name].get_bool().get(value) == simdjson::SUCCESS ? value : fallback;
}

// A number of units as whole parts of them; `fallback` when there is none, or none that fits.
std::int64_t scaled(object event, std::string_view name, double parts, std::int64_t fallback) {
  constexpr double kLargest = 9e15;
  double value = 0;
  if (event[name].get_double().get(value) != simdjson::SUCCESS) return fallback;
  value = std::round(value * parts);
  return value >= 0 && value <= kLargest ? static_cast<std::int64_t>(value) : fallback;
}

std::uint32_t error_class(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::uint32_t>, 11> kClasses{
      {{"auth", BATON_ERROR_AUTH},
       {"quota", BATON_ERROR_QUOTA},
       {"not_installed", BATON_ERROR_NOT_INSTALLED},
       {"config", BATON_ERROR_CONFIG},
       {"network", BATON_ERROR_NETWORK},
       {"protocol", BATON_ERROR_PROTOCOL},
       {"crashed", BATON_ERROR_CRASHED},
       {"timeout", BATON_ERROR_TIMEOUT},
       {"policy", BATON_ERROR_POLICY},
       {"session_lost", BATON_ERROR_SESSION_LOST},
       {"internal", BATON_ERROR_INTERNAL}}};
  for (const auto& [known, value] : kClasses) {
    if (known == name) return value;
  }
  return BATON_ERROR_NONE;
}

}  // namespace

std::string_view EventReader::take(std::string_view line) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return {};
  padded_.assign(line);
  padded_.append(simdjson::SIMDJSON_PADDING, '\0');
  object event;
  if (parser_.parse(padded_.data(), line.size(), false).get(event) == simdjson::SUCCESS) {
    if (const auto words = dispatch(event)) return *words;
  }
  plain_.assign(line);
  plain_ += '\n';
  (void)run_->text(plain_);  // a refused event is counted by the host, the run goes on
  return plain_;
}

// The agent's words in `event`; nothing when its type is not known.
std::optional<std::string_view> EventReader::dispatch(object event) {
  const auto type = text(event, "type");
  if (type == "text") {
    const bool reasoning = text(event, "channel") == "reasoning";
    const auto words = text(event, "text");
    (void)run_->text(words, reasoning ? BATON_CHANNEL_REASONING : BATON_CHANNEL_ANSWER);
    return reasoning ? std::string_view() : words;
  }
  if (type == "tool_call") {
    element args;
    const bool has_args = event["args"].get(args) == simdjson::SUCCESS;
    (void)run_->tool_call(text(event, "id"), text(event, "name"), has_args ? simdjson::minify(args) : "{}");
  } else if (type == "tool_result") {
    (void)run_->tool_result(text(event, "id"), flag(event, "ok", true), text(event, "text"));
  } else if (type == "status") {
    (void)run_->status(text(event, "text"), BATON_PHASE_OTHER, scaled(event, "retry_in_s", 1e9, 0));
  } else if (type == "session") {
    const auto resume = text(event, "resume");
    (void)run_->session(text(event, "id"), resume.empty() ? text(event, "id") : resume);
  } else if (type == "usage") {
    usage(event);
  } else if (type == "result") {
    set_result(event);
  } else {
    return std::nullopt;
  }
  return std::string_view();
}

void EventReader::usage(object event) {
  baton::plugin::Usage usage;
  usage.tokens_in = count(event, "tokens_in");
  usage.tokens_cached = count(event, "tokens_cached");
  usage.tokens_out = count(event, "tokens_out");
  usage.tokens_reasoning = count(event, "tokens_reasoning");
  usage.cost_micros = scaled(event, "cost_usd", 1e6, -1);
  if (usage.cost_micros >= 0)
    usage.cost_basis = flag(event, "estimated", false) ? BATON_COST_ESTIMATED : BATON_COST_REPORTED;
  (void)run_->usage(usage);
}

void EventReader::set_result(object event) {
  const auto status = text(event, "status");
  SaidResult said;
  said.summary = text(event, "summary");
  said.error_class = error_class(text(event, "error"));
  said.retryable = flag(event, "retryable", false);
  if (status == "success") {
    said.result = BATON_RESULT_SUCCESS;
  } else if (status == "limit") {
    said.result = BATON_RESULT_LIMIT;
  } else {
    said.result = BATON_RESULT_FAILED;
    if (status != "failed") said.error_class = BATON_ERROR_PROTOCOL;
  }
  result_ = std::move(said);
}

}  // namespace command
