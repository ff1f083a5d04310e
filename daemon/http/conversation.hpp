// One exchange of the streaming client, from its name lookup to its last call.
//
//   connect (or a spare connection) ──▶ send and receive, at once ──▶ on_done
//                 ▲                                │
//                 └── once more, over a new one ───┘
//
// A coroutine runs it and keeps it alive. Whatever ends it early (close, a timeout) closes the connection, cancels the
// lookup and wakes the coroutine, which then finds out why.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/channel.hpp"
#include "http/client_parts.hpp"
#include "http/dialer.hpp"
#include "http/response_parser.hpp"
#include "http/streaming_client.hpp"
#include "reactor/event.hpp"
#include "reactor/task.hpp"
#include "reactor/timer.hpp"

namespace baton::http {

class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  // `head`: request line and headers of `request`.
  Conversation(StreamingClient::Parts& parts, StreamingRequest request, std::string head, StreamingEvents events);
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  static reactor::Task<> run(std::shared_ptr<Conversation> self);
  void pause(bool paused);
  void close();

 private:
  // One connection that the request is sent over, and how far that came; shared by who sends and who receives.
  struct Attempt {
    std::shared_ptr<Channel> channel;
    bool reused = false;
    bool answered = false;  // a byte of the answer came
    std::size_t sent = 0;
  };

  reactor::Task<Result<Unit>> converse();
  reactor::Task<Result<Unit>> try_once(bool with_spare);
  reactor::Task<Result<Unit>> connect();
  static reactor::Task<> send(std::shared_ptr<Conversation> self, std::shared_ptr<Attempt> attempt);
  reactor::Task<Result<Unit>> receive(std::shared_ptr<Attempt> attempt);
  reactor::Task<Result<Unit>> read_more(Attempt& attempt, ResponseParser& parser, AnswerBuffer& buffer);
  Result<Unit> take_head(const ResponseHead& head);
  Result<Unit> take_body(std::string_view piece);

  std::string_view unsent(const Attempt& attempt) const;
  bool all_sent(const Attempt& attempt) const { return attempt.sent == head_.size() + body_size_; }
  void forget_body(const Attempt& attempt);
  bool may_repeat(const Attempt& attempt) const;
  void progressed();  // begins the idle time anew
  void give_up(std::string why);
  void break_off();
  bool is_over() const { return closed_ || failure_.has_value(); }
  void finish(Result<Unit> how);

  StreamingClient::Parts& parts_;
  StreamingRequest request_;
  std::string head_;
  const std::size_t body_size_;  // the body itself is emptied when it is sent
  const std::string place_;
  StreamingEvents events_;
  Dialer dialer_;
  reactor::Event woken_;
  std::shared_ptr<Channel> channel_;  // to be closed when it is broken off
  bool talking_ = false;              // the idle time counts
  bool repeat_ = false;
  bool paused_ = false;
  bool closed_ = false;
  std::optional<Error> failure_;  // why it is broken off, unless closed
  std::optional<reactor::Deadline> idle_, total_;
};

}  // namespace baton::http
