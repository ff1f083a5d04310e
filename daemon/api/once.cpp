#include "api/once.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/limits.hpp"

namespace baton::api {
namespace {

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// Target and body are told apart by the line break, which a target as it was sent cannot hold.
std::string digest_of(const http::Request& request) {
  std::string asked;
  asked.reserve(request.target.size() + request.body.size() + 16);
  asked.append(to_text(request.method)).append(" ").append(request.target).append("\n").append(request.body);
  return sha256_hex(asked);
}

}  // namespace

Result<std::optional<board::OnceKey>> once_key(const http::Request& request) {
  constexpr std::string_view kName = "idempotency-key";
  const auto key = request.header(kName);
  if (!key) return std::nullopt;
  if (std::ranges::count(request.headers, kName, [](const auto& header) -> std::string_view { return header.first; }) >
      1) {
    return fail(Errc::kInvalid, "Idempotency-Key is given twice", "invalid_idempotency_key");
  }
  if (key->empty() || key->size() > limits::kIdempotencyKey || !std::all_of(key->begin(), key->end(), is_printable)) {
    return fail(Errc::kInvalid,
                fmt::format("Idempotency-Key must have 1 to {} printable ASCII characters", limits::kIdempotencyKey),
                "invalid_idempotency_key");
  }
  return board::OnceKey{.key = std::string(*key), .request = digest_of(request)};
}

http::Response kept_response(Kept kept) {
  http::Response response{.body = std::move(kept.body)};
  if (kept.replayed) response.headers.emplace_back("Idempotent-Replayed", "true");
  return response;
}

Result<std::optional<Kept>> kept_under(const store::View& view, const board::OnceKey& key) {
  auto once = board::look_up(view, key);
  if (!once) return fail(once);
  if (once->state != board::OnceState::kAnswered) return std::nullopt;
  return Kept{.body = std::move(once->answer), .replayed = true};
}

}  // namespace baton::api
