// Rooms: a team's conversation (contract §8). The board narrates what happens to a team's tasks into `team:<id>`, in
// the transaction in which it happens; agents and people post. A post never changes the board: nothing here writes a
// task.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

// The author of the board's own lines, as the older tool signs them: clients tell narration by it.
inline constexpr std::string_view kNarrator = "clawboo";

// "team:<teamId>"
std::string room_of_team(std::string_view team_id);

// Tells the task's team, if it has one; the parts are put together only then.
void narrate(store::Tx& tx, const store::Task& task, std::initializer_list<std::string_view> parts);

struct NewPost {
  std::string team_id = {};
  std::string author_agent_id = {};
  std::string body = {};
};

// Adds a line to the team's room, with the event `team_chat_post`.
Result<store::Post> post(store::Tx& tx, const NewPost& request);

struct RoomPage {
  std::string room_id;
  std::vector<store::Post> posts;  // oldest first
  std::int64_t next_seq = 0;       // of the last post here, or what was asked from: `sinceSeq` of the next page
};
Result<RoomPage> read_room(const store::View& view, const std::string& room_id, std::int64_t since, std::size_t limit);

}  // namespace baton::board
