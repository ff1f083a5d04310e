// Those who want the same task at the same time (POST /api/board/{taskId}/claim): a race of many for one.
//
// One claim of a task is on its way to the store; those that come meanwhile stand in line, first come, first served.
// Once it is answered, one look at the board answers all of them, or shows that the next in line has a chance and goes
// to the store. So what a thousand want costs one write and one read, and the losers do not fill the store's queue.
//
// Nobody is told what was true before they asked: the look sees all that was committed until then. When the store
// itself fails, its answer is everybody's. A line is as long as there are connections (limits::kConnections) at most,
// and is answered in pieces of limits::kAnswersPerTurn, between which others have their turn.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory_resource>
#include <string>

#include "base/result.hpp"
#include "board/board.hpp"
#include "board/claim.hpp"
#include "http/responder.hpp"
#include "reactor/loop.hpp"

namespace baton::api {

class ClaimLines {
 public:
  // Both must outlive it, and it what is still to be delivered of the board's writes.
  ClaimLines(reactor::Loop& loop, board::Board& board) : loop_(loop), board_(board) {}
  ClaimLines(const ClaimLines&) = delete;
  ClaimLines& operator=(const ClaimLines&) = delete;

  // Answers 200 with the task, or 404 or 409 with the reason.
  void claim(board::ClaimRequest request, http::Responder responder);

  std::size_t waiting() const;  // claims that stand in line, of all tasks

 private:
  struct Claim {
    board::ClaimRequest request;
    http::Responder responder;
  };
  using Line = std::pmr::list<Claim>;
  using Lines = std::pmr::map<std::pmr::string, Line, std::less<>>;

  void send(Lines::iterator line, Claim claim);
  void answered(Lines::iterator line, http::Responder responder, Result<store::Task> task);
  void move_up(Lines::iterator line);

  reactor::Loop& loop_;
  board::Board& board_;
  std::pmr::unsynchronized_pool_resource memory_;  // of lines, most of which are gone in a moment
  Lines lines_{&memory_};
};

}  // namespace baton::api
