// /api/obs: the event log, in pages and as a stream (contract §7).
#include <algorithm>
#include <limits>

#include "api/answer.hpp"
#include "api/event_streams.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "board/read.hpp"
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
constexpr std::string_view kOrders[] = {"asc", "desc"};

struct ListQuery {
  store::EventFilter filter = {};
  std::int64_t after = 0;
  std::int64_t before = kAnySeq;
  std::size_t limit = 0;
  bool newest_first = false;
};

Result<ListQuery> read_list_query(const http::Request& request) {
  ListQuery query{.filter = filter_from(request)};
  if (const auto trace = request.query_value("traceId")) query.filter.trace_id = *trace;
  auto after = query_number(request, "afterSeq", 0, kAnySeq, query.after);
  if (!after) return fail(after);
  auto before = query_number(request, "beforeSeq", 0, kAnySeq, query.before);
  if (!before) return fail(before);
  auto since = query_number(request, "since", 0, kAnySeq, query.filter.since_ms);
  if (!since) return fail(since);
  auto limit = query_number(request, "limit", 1, kLargestPage, kDefaultPage);
  if (!limit) return fail(limit);
  const auto order = request.query_value("order").value_or(kOrders[0]);
  if (order != kOrders[0] && order != kOrders[1]) return fail(Errc::kInvalid, "order must be asc or desc");
  query.after = *after;
  query.before = *before;
  query.filter.since_ms = *since;
  query.limit = static_cast<std::size_t>(*limit);
  query.newest_first = order == kOrders[1];
  return query;
}

// No event of a trace is older than its root.
void narrow_to_trace(board::Board& board, store::EventFilter& filter) {
  if (!filter.trace_id) return;
  const auto root =
      board.read([&](const store::View& view) { return board::find_task(view, TaskId(*filter.trace_id)); });
  if (root) filter.since_ms = std::max(filter.since_ms, root->created_at);
}

// One query looks at a bounded piece of the log, so a page may be empty and not the last; a client should not have to
// know. What is looked at for one request stays bounded: after that, nextSeq says where to go on.
Result<events::Page> read_page(store::Reader& reader, const ListQuery& query) {
  constexpr int kPiecesAtMost = 8;
  std::int64_t cursor = query.newest_first ? query.before : query.after;
  for (int piece = 1;; ++piece) {
    auto page = query.newest_first ? events::query_back(reader, cursor, query.after, query.filter, query.limit)
                                   : events::query(reader, cursor, query.filter, query.limit);
    if (!page || !page->events.empty() || !page->has_more || piece == kPiecesAtMost) return page;
    cursor = page->cursor;
  }
}

void drop_from(std::vector<store::Event>& events, std::int64_t seq) {
  std::erase_if(events, [seq](const store::Event& event) { return event.seq >= seq; });
}

void list(board::Board& board, http::Request& request, http::Responder responder) {
  auto query = read_list_query(request);
  if (!query) return responder.send(http::error_response(400, query.error().what));
  narrow_to_trace(board, query->filter);
  auto page = read_page(board.reader(), *query);
  if (!page) return responder.send(http::error_response(page.error()));
  drop_from(page->events, query->before);
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
  page.push_back({"beforeSeq", "only events before this one", Kind::kInteger, 0});
  page.push_back({"since", "only events from this time on, in milliseconds since 1970", Kind::kInteger, 0});
  page.push_back({"traceId", "only events of this task and of what it was divided into"});
  page.push_back({.name = "order", .about = "asc, oldest first, when not given", .one_of = kOrders});
  page.push_back({"limit", "events per page, 500 when not given", Kind::kInteger, 1, kLargestPage});
  auto follow = filters;
  follow.push_back({"since", "begin after this event; Last-Event-ID does the same", Kind::kInteger, 0});
  return {
      {.method = kGet,
       .pattern = "/api/obs/events",
       .operation = "listEvents",
       .summary = "A page of the event log, oldest or newest first.",
       .tag = "events",
       .handler = [&board](http::Request& request,
                           http::Responder responder) { list(board, request, std::move(responder)); },
       .query = page,
       .answers = {{200, "events, and nextSeq to go on from: as afterSeq, or with order=desc as beforeSeq"},
                   {400, "a parameter is wrong"}}},
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
