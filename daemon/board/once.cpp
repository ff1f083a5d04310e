#include "board/once.hpp"

#include <utility>

namespace baton::board {

Result<Once> look_up(const store::View& view, const OnceKey& key) {
  auto row = view.kept_answers.find(key.key);
  if (!row) return Once{};
  if (row->request != key.request) {
    return fail(Errc::kUnprocessable, "this Idempotency-Key was used for another request", "idempotency_key_reused");
  }
  if (row->answer) return Once{OnceState::kAnswered, *std::move(row->answer)};
  return Once{OnceState::kUnfinished, {}};
}

void begin_once(store::Tx& tx, const OnceKey& key) {
  tx.kept_answers.insert({key.key, key.request, std::nullopt, tx.now_ms});
}

void keep_answer(store::Tx& tx, const OnceKey& key, std::string answer) {
  store::KeptAnswer row{key.key, key.request, std::move(answer), tx.now_ms};
  if (tx.kept_answers.find(key.key)) {
    tx.kept_answers.save(row);
  } else {
    tx.kept_answers.insert(row);
  }
}

void forget_once(store::Tx& tx, const OnceKey& key) { tx.kept_answers.erase(key.key); }

}  // namespace baton::board
