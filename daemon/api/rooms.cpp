// /api/team-chat: a team's room (contract §8). Posts are words; nothing here changes the board.
#include <limits>

#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "base/limits.hpp"
#include "board/room.hpp"

namespace baton::api {
namespace {

constexpr std::int64_t kPage = 1000;

constexpr Field kNewPost[] = {
    {.name = "teamId", .required = true, .min = 1, .max = limits::kName},
    {.name = "authorAgentId", .required = true, .min = 1, .max = limits::kName},
    {.name = "body", .required = true, .min = 1, .max = limits::kPostBody},
};

std::string room_of(const http::Request& request) {
  if (const auto room = request.query_value("roomId"); room && !room->empty()) return std::string(*room);
  if (const auto team = request.query_value("teamId"); team && !team->empty()) return board::room_of_team(*team);
  return {};
}

void read_room(board::Board& board, http::Request& request, http::Responder responder) {
  const auto since = query_number(request, "sinceSeq", 0, std::numeric_limits<std::int64_t>::max(), 0);
  if (!since) return responder.send(http::error_response(400, since.error().what));
  const auto limit = query_number(request, "limit", 1, kPage, kPage);
  if (!limit) return responder.send(http::error_response(400, limit.error().what));
  const auto room = room_of(request);
  if (room.empty()) return responder.send(http::error_response(400, "teamId or roomId is required"));
  const auto page = board.read(
      [&](const store::View& view) { return board::read_room(view, room, *since, static_cast<std::size_t>(*limit)); });
  if (!page) return responder.send(http::error_response(page.error()));
  responder.send(json_object([&](json::Writer& json) {
    json.field("roomId", page->room_id).key("posts");
    write_json(json, page->posts);
    json.field("nextSeq", page->next_seq);
  }));
}

void add_post(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kNewPost, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::NewPost post{.team_id = body->need_text("teamId"),
                      .author_agent_id = body->need_text("authorAgentId"),
                      .body = body->need_text("body")};
  if (post.author_agent_id == board::kNarrator) {
    InvalidBody invalid;
    invalid.field_errors.emplace_back("authorAgentId", "is the board's own name");
    return responder.send(http::invalid_body(invalid));
  }
  board.write([post = std::move(post)](store::Tx& tx) { return board::post(tx, post); },
              answer_with<store::Post>(
                  std::move(responder),
                  [](json::Writer& json, const store::Post& added) {
                    json.field("ok", true).key("post");
                    write_json(json, added);
                  },
                  [](const Error& error) { return http::error_response(error); }));
}

}  // namespace

std::vector<http::Route> room_routes(board::Board& board) {
  using enum http::Method;
  return {
      {.method = kGet,
       .pattern = "/api/team-chat",
       .operation = "readRoom",
       .summary = "The posts of a team's room, oldest first.",
       .tag = "rooms",
       .handler = bind(read_room, board),
       .query = {{"teamId", "the team whose room it is"},
                 {"roomId", "the room by its own name, \"team:\" and the team's id"},
                 {"sinceSeq", "only posts after this one: nextSeq of the page before", Kind::kInteger, 0},
                 {"limit", "posts per page, 1000 when not given", Kind::kInteger, 1, kPage}},
       .answers = {{200, "the posts, and nextSeq to go on from"}, {400, "no room is named, or a number is wrong"}}},
      {.method = kPost,
       .pattern = "/api/team-chat",
       .operation = "postToRoom",
       .summary = "Says something in a team's room; it never changes the board.",
       .tag = "rooms",
       .handler = bind(add_post, board),
       .body = kNewPost,
       .answers = {{200, "the post"}, {400, "a field is wrong"}}},
  };
}

}  // namespace baton::api
