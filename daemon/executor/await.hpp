// Waiting for a board write inside a task:
//   const auto script = [lease](store::Tx& tx) { return board::begin_review(tx, lease.task_id, lease.fence); };
//   auto moved = co_await write(loop, board, script);
#pragma once

#include <type_traits>
#include <utility>

#include "board/board.hpp"
#include "reactor/completion.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::executor {

template <class Script>
reactor::Task<std::invoke_result_t<Script&, store::Tx&>> write(reactor::Loop& loop, board::Board& board,
                                                               Script script) {
  using Answer = std::invoke_result_t<Script&, store::Tx&>;
  reactor::Completion<Answer> answer(loop);
  board.write(std::move(script), [resolve = answer.resolver()](Answer got) mutable { resolve(std::move(got)); });
  co_return co_await answer.take();
}

}  // namespace baton::executor
