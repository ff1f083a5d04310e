// baton events: the event log, a line for each event; with --follow as it grows.
#include <chrono>
#include <cstdio>
#include <string>

#include <fmt/core.h>

#include "cli/answers.hpp"
#include "cli/commands.hpp"
#include "http/target.hpp"

namespace baton::cli {
namespace {

using http::Method;

void print_event(json::Value event, bool as_json) {
  if (as_json) return fmt::print("{}\n", simdjson::to_string(event));
  fmt::print("{:>8}  {}  {:<20} {} {} {}\n", json::integer(event, "seq").value_or(0), time_of(event, "ts"),
             json::text(event, "kind").value_or("?"), json::text(event, "taskId").value_or("-"),
             json::text(event, "agentId").value_or("-"), json::text(event, "data").value_or("{}"));
}

// Frames of an event stream, as they come in pieces.
class Frames {
 public:
  explicit Frames(bool as_json) : as_json_(as_json) {}

  void add(std::string_view piece) {
    buffer_ += piece;
    std::size_t begin = 0;
    for (auto end = buffer_.find('\n'); end != std::string::npos; end = buffer_.find('\n', begin)) {
      line(std::string_view(buffer_).substr(begin, end - begin));
      begin = end + 1;
    }
    buffer_.erase(0, begin);
    std::fflush(stdout);
  }

 private:
  // Each event is one "data:" line: JSON has no line ends.
  void line(std::string_view text) {
    constexpr std::string_view kData = "data:";
    if (!text.starts_with(kData)) return;
    if (const auto event = json::Document::parse(text.substr(kData.size()))) print_event(event->root(), as_json_);
  }

  bool as_json_;
  std::string buffer_;
};

std::string filters(const EventOptions& options) {
  std::string query;
  if (options.task) query += "&taskId=" + http::percent_encoded(*options.task);
  if (options.team) query += "&teamId=" + http::percent_encoded(*options.team);
  if (options.kinds) query += "&kinds=" + http::percent_encoded(*options.kinds);
  return query;
}

int follow(ApiClient& client, const EventOptions& options) {
  Frames frames(options.json);
  const auto ended = client.follow(fmt::format("/api/obs/stream?since={}{}", options.since, filters(options)),
                                   [&](std::string_view piece) { frames.add(piece); });
  return ended ? kOk : report(ended.error());
}

}  // namespace

int print_events(ApiClient& client, const EventOptions& options) {
  if (options.follow) return follow(client, options);
  for (std::int64_t after = options.since;;) {
    const auto page = client.need(Method::kGet, fmt::format("/api/obs/events?afterSeq={}{}", after, filters(options)));
    if (!page) return report(page.error());
    const auto events = json::member(page->root(), "events");
    if (!events || !events->is_array()) return report({Errc::kInternal, "the answer has no events"});
    for (const json::Value event : simdjson::dom::array(*events)) print_event(event, options.json);
    const auto next = json::integer(page->root(), "nextSeq").value_or(after);
    if (next <= after) return kOk;
    after = next;
  }
}

}  // namespace baton::cli
