// /api/obs: the event log, in pages and as a stream (contract §7).
#include <limits>

#include "api/answer.hpp"
#include "api/event_streams.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "events/event_json.hpp"
#include "events/query.hpp"

namespace baton::api {
namespace {

constexpr std::int64_t kDefaultPage = 500;
constexpr std::int64_t kLargestPage = 5000;

store::EventFilter filter_from(const http::Request& request) {
  store::EventFilter filter;
  if (const auto task = request.query_value("taskId")) filter.task_id = TaskId(*task);
  if (const auto team = request.query_value("teamId")) filter.team_id = *team;
  if (const auto agent = request.query_value("agentId")) filter.agent_id = *agent;
  std::string_view kinds = request.query_value("kinds").value_or("");
  while (!kinds.empty()) {
    const auto comma = kinds.find(',');
    if (comma != 0) filter.kinds.emplace_back(kinds.substr(0, comma));
    if (comma == std::string_view::npos) break;
    kinds.remove_prefix(comma + 1);
  }
  return filter;
}

constexpr std::int64_t kAnySeq = std::numeric_limits<std::int64_t>::max();

// One query looks at a bounded piece of the log, so a page may be empty and not the last; a client should not have to
// know. What is looked at for one request stays bounded: after that, nextSeq says where to go on.
Result<events::Page> read_page(store::Reader& reader, std::int64_t cursor, const store::EventFilter& filter,
                               std::size_t limit) {
  constexpr int kPiecesAtMost = 8;
  for (int piece = 1;; ++piece) {
    auto page = events::query(reader, cursor, filter, limit);
    if (!page || !page->events.empty() || !page->has_more || piece == kPiecesAtMost) return page;
    cursor = page->cursor;
  }
}

void list(board::Board& board, http::Request& request, http::Responder responder) {
  const auto after = query_number(request, "afterSeq", 0, kAnySeq, 0);
  if (!after) return responder.send(http::error_response(400, after.error().what));
  const auto limit = query_number(request, "limit", 1, kLargestPage, kDefaultPage);
  if (!limit) return responder.send(http::error_response(400, limit.error().what));
  const auto page = read_page(board.reader(), *after, filter_from(request), static_cast<std::size_t>(*limit));
  if (!page) return responder.send(http::error_response(page.error()));
  responder.send(json_object([&](json::Writer& json) {
    json.key("events").array();
    for (const auto& event : page->events) events::write_json(json, event);
    json.end().field("nextSeq", page->cursor);
  }));
}

void stream(EventStreams& streams, http::Request& request, http::Responder responder) {
  auto since = query_number(request, "since", 0, kAnySeq, 0);
  if (const auto last = request.header("last-event-id"); last && !request.query_value("since")) {
    since = whole_number(*last, "Last-Event-ID", 0, kAnySeq);
  }
  if (!since) return responder.send(http::error_response(400, since.error().what));
  streams.open(std::move(responder), *since, filter_from(request));
}

}  // namespace

std::vector<http::Route> event_routes(board::Board& board, EventStreams& streams) {
  using enum http::Method;
  const std::vector<http::QueryParameter> filters = {{"taskId", "only events of this task"},
                                                     {"teamId", "only events of this team"},
                                                     {"agentId", "only events by this agent"},
                                                     {"kinds", "only these kinds, separated by commas"}};
  auto page = filters;
  page.push_back({"afterSeq", "only events after this one", Kind::kInteger, 0});
  page.push_back({"limit", "events per page, 500 when not given", Kind::kInteger, 1, kLargestPage});
  auto follow = filters;
  follow.push_back({"since", "begin after this event; Last-Event-ID does the same", Kind::kInteger, 0});
  return {
      {.method = kGet,
       .pattern = "/api/obs/events",
       .operation = "listEvents",
       .summary = "A page of the event log, oldest first.",
       .tag = "events",
       .handler = [&board](http::Request& request,
                           http::Responder responder) { list(board, request, std::move(responder)); },
       .query = page,
       .answers = {{200, "events, and nextSeq to go on from"}, {400, "a parameter is wrong"}}},
      {.method = kGet,
       .pattern = "/api/obs/stream",
       .operation = "streamEvents",
       .summary = "The event log as server-sent events, as it grows.",
       .tag = "events",
       .handler = [&streams](http::Request& request,
                             http::Responder responder) { stream(streams, request, std::move(responder)); },
       .query = follow,
       .answers = {{200, "text/event-stream: id is the event's seq, data its JSON"}, {400, "a parameter is wrong"}}},
  };
}

}  // namespace baton::api
