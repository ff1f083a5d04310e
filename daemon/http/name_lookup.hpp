// Names to addresses, by the system's resolver, which blocks: each question that is asked has a thread of its own.
//
// A question cannot be broken off, and with a dead name server it takes half a minute. So nobody waits for its thread:
// it is detached, and what it finds after the end of this object is dropped. Asio's resolver has one thread, behind
// which other names wait, and which is joined at the end (docs/decisions.md).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <asio/ip/address.hpp>

#include "base/result.hpp"
#include "reactor/loop.hpp"

namespace baton::http {

class NameLookup {
 public:
  using Addresses = std::vector<asio::ip::address>;
  using OnAnswer = std::function<void(Result<Addresses>)>;

  explicit NameLookup(reactor::Loop& loop);  // which outlives it
  ~NameLookup();                             // no call comes any more
  NameLookup(const NameLookup&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;

  // Asks; the answer comes in a later turn, in the order in which the addresses should be tried. kNotFound: no such
  // name; kIo: nobody could say. At most 8 questions are asked at once, others wait for their turn.
  std::uint64_t ask(std::string name, OnAnswer on_answer);
  // No call comes any more for this question.
  void forget(std::uint64_t question);

 private:
  struct Desk;  // shared with the threads

  void begin();
  void finish(std::uint64_t question, Result<Addresses> answer);

  std::shared_ptr<Desk> desk_;
  std::uint64_t last_ = 0;
  std::size_t threads_ = 0;
  std::map<std::uint64_t, OnAnswer> open_;
  std::deque<std::pair<std::uint64_t, std::string>> waiting_;  // for a thread
};

}  // namespace baton::http
