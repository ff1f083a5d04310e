// Idempotency: a request that is repeated under the same key is carried out once, and answered each time.
//
// The first answer is kept in the transaction that it tells of, so that it is kept exactly when the work was done.
// Refusals changed nothing and are not kept: the request may be tried again under its key.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct OnceKey {
  std::string key = {};      // as the client sent it
  std::string request = {};  // digest of what it asks for
};

enum class OnceState : std::uint8_t { kNew, kUnfinished, kAnswered };

struct Once {
  OnceState state = OnceState::kNew;
  std::string answer;  // of kAnswered
};

// What happened under the key. kUnprocessable "idempotency_key_reused" when it stood for another request.
Result<Once> look_up(const store::View& view, const OnceKey& key);

// The work under the key has begun and will be answered later (a run).
void begin_once(store::Tx& tx, const OnceKey& key);

// The answer that is given from now on.
void keep_answer(store::Tx& tx, const OnceKey& key, std::string answer);

// It ended without an answer worth keeping: the key is free again.
void forget_once(store::Tx& tx, const OnceKey& key);

}  // namespace baton::board
