// What an operator decides about verification.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.hpp"

namespace baton::verify {

// What becomes of changed work that no command can judge.
enum class Unverified : std::uint8_t {
  kReview,  // it waits in review for a person
  kBlock,   // it is blocked until somebody names a command
  kDone,    // it counts as done
};

std::string_view to_text(Unverified unverified);                    // "review", "block", "done"
std::optional<Unverified> parse_unverified(std::string_view text);  // nothing for another word

struct Policy {
  Unverified unverified = Unverified::kReview;
  bool block_green_debt = false;  // debt over a green gate blocks, instead of being done with the debt recorded
};

struct Settings {
  std::string command = {};  // run for every task, whatever its repository says; empty: see resolve.hpp
  std::chrono::nanoseconds timeout = limits::kGateTimeout;
  bool trust_worktree = false;  // lets the judged runtime name the command in its own files
  Policy policy = {};
};

}  // namespace baton::verify
