// GET /api/board: tasks, page by page (contract §1.3).
#include <fmt/format.h>

#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "api/task_fields.hpp"
#include "base/limits.hpp"
#include "board/read.hpp"

namespace baton::api {
namespace {

constexpr auto kMostPerPage = static_cast<std::int64_t>(limits::kListPage);

// Opaque to clients: "<priority>.<row>".
std::string cursor_text(const store::TaskCursor& cursor) { return fmt::format("{}.{}", cursor.priority, cursor.row); }

std::optional<store::TaskCursor> cursor_from(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto priority = whole_number(text.substr(0, dot));
  const auto row = whole_number(text.substr(dot + 1));
  if (!priority || !row) return std::nullopt;
  return store::TaskCursor{*priority, *row};
}

struct ListQuery {
  store::TaskFilter filter;
  std::optional<store::TaskCursor> after;
  std::size_t limit = limits::kListPage;
  bool matches_nothing = false;  // a status that does not exist: an empty list (contract §1.3)
};

tl::expected<ListQuery, http::Response> read_list_query(const http::Request& request) {
  ListQuery query;
  if (const auto team = request.query_value("teamId")) query.filter.team_id = *team;
  if (const auto kind = request.query_value("kind")) query.filter.kinds.emplace_back(*kind);
  query.filter.ready = request.query_value("ready") == "true";
  query.filter.include_dropped = request.query_value("includeDropped") == "true";
  if (const auto status = request.query_value("status")) {
    query.filter.status = store::task_status_from(*status);
    query.matches_nothing = !query.filter.status && !query.filter.ready;
  }
  const auto limit = query_number(request, "limit", 1, kMostPerPage, kMostPerPage);
  if (!limit) return tl::unexpected(http::error_response(400, limit.error().what));
  query.limit = static_cast<std::size_t>(*limit);
  if (const auto cursor = request.query_value("cursor")) {
    query.after = cursor_from(*cursor);
    if (!query.after) return tl::unexpected(http::error_response(400, "cursor is not one that this server gave"));
  }
  return query;
}

// The store gives up on a page after a bounded piece of the list, so a page may be empty and not the last; a client
// should not have to know. What is looked at for one request stays bounded.
Result<store::TaskPage> read_page(board::Board& board, ListQuery query) {
  constexpr int kPiecesAtMost = 8;
  for (int piece = 1;; ++piece) {
    auto page = board.read(
        [&](const store::View& view) { return board::list_tasks(view, query.filter, query.after, query.limit); });
    if (!page || !page->tasks.empty() || !page->next || piece == kPiecesAtMost) return page;
    query.after = page->next;
  }
}

void list_tasks(board::Board& board, http::Request& request, http::Responder responder) {
  const auto query = read_list_query(request);
  if (!query) return responder.send(query.error());
  store::TaskPage page;
  if (!query->matches_nothing) {
    auto read = read_page(board, *query);
    if (!read) return responder.send(http::error_response(read.error()));
    page = *std::move(read);
  }
  responder.send(json_object([&](json::Writer& json) {
    json.key("tasks");
    write_json(json, page.tasks);
    if (page.next) json.field("nextCursor", cursor_text(*page.next));
  }));
}

}  // namespace

std::vector<http::Route> task_list_routes(board::Board& board) {
  return {{.method = http::Method::kGet,
           .pattern = "/api/board",
           .operation = "listTasks",
           .summary = "Lists tasks, newest first; ready ones by priority, then oldest first.",
           .tag = "board",
           .handler = bind(list_tasks, board),
           .query = {{"teamId", "only tasks of this team"},
                     {.name = "status", .about = "only tasks with this status", .one_of = kStatuses},
                     {"kind", "only tasks of this kind; a task without one is code"},
                     {"ready", "true: only tasks that can be claimed now", Kind::kBoolean},
                     {"includeDropped", "true: dropped tasks too", Kind::kBoolean},
                     {"limit", "tasks per page, 500 when not given", Kind::kInteger, 1, kMostPerPage},
                     {"cursor", "nextCursor of the page before"}},
           .answers = {{200, "a page of tasks"}, {400, "limit or cursor is wrong"}}}};
}

}  // namespace baton::api
