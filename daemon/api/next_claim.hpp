// One claim-next on its way through the store: piece by piece until a task is claimed or there is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "api/once.hpp"
#include "base/result.hpp"
#include "board/board.hpp"
#include "board/claim_next.hpp"
#include "board/once.hpp"
#include "http/message.hpp"

namespace baton::api {

struct NextCall {
  board::ClaimNext wanted;
  std::optional<board::OnceKey> key = {};
};

struct NextAnswer {
  std::optional<store::Task> task = {};         // claimed now
  std::optional<Kept> kept = {};                // with a key: the answer about it, or the one that was given before
  std::optional<store::TaskCursor> go_on = {};  // neither yet, but more to look at
  std::int64_t as_of = 0;                       // the board's newest event when the search began

  bool found() const { return task || kept; }
};

// 200 with the task, or 204.
http::Response next_response(NextAnswer answer);

// One piece, as a script.
Result<NextAnswer> claim_piece(store::Tx& tx, const NextCall& call);

// Searches on until something is found or nothing is left, then calls `done(Result<NextAnswer>)` on the reactor.
// Between the pieces others have their turn at the store.
template <class Done>
void claim_next(board::Board& board, NextCall call, Done done, std::optional<std::int64_t> as_of = {}) {
  auto script = [call](store::Tx& tx) { return claim_piece(tx, call); };
  board.write(std::move(script),
              [&board, as_of, call = std::move(call), done = std::move(done)](Result<NextAnswer> answer) mutable {
                if (!answer) return done(std::move(answer));
                answer->as_of = as_of.value_or(answer->as_of);
                if (answer->found() || !answer->go_on) return done(std::move(answer));
                call.wanted.after = answer->go_on;
                claim_next(board, std::move(call), std::move(done), answer->as_of);
              });
}

}  // namespace baton::api
