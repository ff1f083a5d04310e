#include "api/claim_lines.hpp"

#include <numeric>
#include <optional>
#include <utility>

#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "base/limits.hpp"

namespace baton::api {

void ClaimLines::claim(board::ClaimRequest request, http::Responder responder) {
  const auto [line, is_first] = lines_.try_emplace(std::pmr::string(request.task_id.value, &memory_));
  Claim claim{std::move(request), std::move(responder)};
  if (is_first) return send(line, std::move(claim));
  line->second.push_back(std::move(claim));
}

std::size_t ClaimLines::waiting() const {
  return std::accumulate(lines_.begin(), lines_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& line) { return sum + line.second.size(); });
}

void ClaimLines::send(Lines::iterator line, Claim claim) {
  board_.write([request = std::move(claim.request)](store::Tx& tx) { return board::claim(tx, request); },
               [this, line, responder = std::move(claim.responder)](Result<store::Task> task) mutable {
                 answered(line, std::move(responder), std::move(task));
               });
}

// A store that failed would fail the next ones too, one after the other.
void ClaimLines::answered(Lines::iterator line, http::Responder responder, Result<store::Task> task) {
  const bool store_failed = !task && task.error().code != Errc::kConflict && task.error().code != Errc::kNotFound;
  const auto answer = answer_of(task, write_ok_task, claim_refused);
  responder.send(answer);
  if (!store_failed) return move_up(line);
  for (auto& waiting : line->second) waiting.responder.send(answer);
  lines_.erase(line);
}

// A board that cannot be read, like one on which the task may be claimed, leaves the word to the store.
void ClaimLines::move_up(Lines::iterator line) {
  Line& waiting = line->second;
  if (waiting.empty()) return static_cast<void>(lines_.erase(line));
  const auto looked = board_.read([&](const store::View& view) -> Result<std::optional<Error>> {
    return board::claim_obstacle(view, waiting.front().request.task_id);
  });
  if (const auto obstacle = looked.value_or(std::nullopt)) {
    const auto answer = claim_refused(*obstacle);
    std::size_t told = 0;
    for (; !waiting.empty() && board::stops(*obstacle, waiting.front().request); waiting.pop_front()) {
      if (told++ == limits::kAnswersPerTurn) return loop_.post([this, line] { move_up(line); });
      waiting.front().responder.send(answer);
    }
  }
  if (waiting.empty()) return static_cast<void>(lines_.erase(line));
  Claim next = std::move(waiting.front());
  waiting.pop_front();
  send(line, std::move(next));
}

}  // namespace baton::api
