// A judgement that somebody asked for outside a run: the task is in review while the gate works on its tree.
//
// A run's own judgement is part of the run and is recovered with it. This one leaves a mark in the transaction that
// begins it, so that a daemon that dies meanwhile does not leave the task in review with nobody at work.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "board/run.hpp"
#include "store/tx.hpp"

namespace baton::board {

// As begin_review(). A task that was in review before stays there whatever happens, and needs no mark.
Result<store::Task> begin_judgement(store::Tx& tx, const TaskId& task, std::int64_t fence);

// As settle_task().
Result<Settled> end_judgement(store::Tx& tx, const TaskId& task, std::int64_t fence, const Settlement& settlement);

// True while a judgement that began in_progress goes on: the task is in review for it.
bool is_being_judged(const store::View& view, const store::Task& task);

// At start-up: the tasks whose judgement died with a daemon go back to whoever works on them, or are blocked.
Result<std::vector<TaskId>> recover_judgements(store::Tx& tx, const Undead& undead = {});

}  // namespace baton::board
