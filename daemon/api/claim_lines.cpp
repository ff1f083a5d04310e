#include "api/claim_lines.hpp"

#include <numeric>
#include <optional>
#include <utility>

#include "api/answer.hpp"
#include "api/json_rows.hpp"

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
  auto answer = answer_with<store::Task>(std::move(claim.responder), write_ok_task, claim_refused);
  board_.write([request = std::move(claim.request)](store::Tx& tx) { return board::claim(tx, request); },
               [this, line, answer = std::move(answer)](Result<store::Task> task) mutable {
                 answer(std::move(task));
                 move_up(line);
               });
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
    for (; !waiting.empty() && board::stops(*obstacle, waiting.front().request); waiting.pop_front()) {
      waiting.front().responder.send(answer);
    }
  }
  if (waiting.empty()) return static_cast<void>(lines_.erase(line));
  Claim next = std::move(waiting.front());
  waiting.pop_front();
  send(line, std::move(next));
}

}  // namespace baton::api
