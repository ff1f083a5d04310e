// The Idempotency-Key header: a request that is repeated under its key is carried out once and answered each time, the
// repeats with "Idempotent-Replayed: true".
//
// A key stands for method, target and body. The answer is made and kept inside the transaction that it tells of
// (board/once.hpp); refusals are not kept.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "api/answer.hpp"
#include "base/result.hpp"
#include "board/board.hpp"
#include "board/once.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"
#include "http/route.hpp"

namespace baton::api {

inline constexpr http::HeaderParameter kIdempotencyKey = {
    "Idempotency-Key", "1 to 255 printable ASCII characters; a repeat of the request gets the first answer again"};

// The request's key; nothing when it has none. kInvalid: it is not one.
Result<std::optional<board::OnceKey>> once_key(const http::Request& request);

// An answer with status 200 that is, or was, kept.
struct Kept {
  std::string body;
  bool replayed = false;
};
http::Response kept_response(Kept kept);

// What was answered under `key` before; nothing: not yet. kUnprocessable "idempotency_key_reused".
Result<std::optional<Kept>> kept_under(const store::View& view, const board::OnceKey& key);

// Runs `act(tx) -> Result<Value>` as Board::write does, at most once under `key`, and answers as answer_with() does.
// With a key, `fill` is called on the store's thread.
template <class Value, class Act, class Fill, class Refuse>
void write_once(board::Board& board, std::optional<board::OnceKey> key, http::Responder responder, Act act, Fill fill,
                Refuse refuse) {
  if (!key) return board.write(std::move(act), answer_with<Value>(std::move(responder), fill, refuse));
  auto script = [key = *std::move(key), act = std::move(act), fill](store::Tx& tx) mutable -> Result<Kept> {
    auto before = kept_under(tx, key);
    if (!before) return fail(before);
    if (*before) return **std::move(before);
    Result<Value> value = act(tx);
    if (!value) return fail(value);
    Kept kept{object_text([&](json::Writer& json) { fill(json, *value); })};
    board::keep_answer(tx, key, kept.body);
    return kept;
  };
  board.write(std::move(script), [responder = std::move(responder), refuse](Result<Kept> kept) mutable {
    responder.send(kept ? kept_response(*std::move(kept)) : refuse(kept.error()));
  });
}

}  // namespace baton::api
