#include "http/blocking_client.hpp"

#include <optional>
#include <utility>

#include "reactor/loop.hpp"
#include "reactor/scope.hpp"

namespace baton::http {
namespace {

reactor::Task<> fetch_into(reactor::Loop& loop, Peer peer, ClientRequest request,
                           std::optional<Result<ClientResponse>>& answer) {
  answer.emplace(co_await fetch(loop, std::move(peer), std::move(request)));
}

}  // namespace

Result<ClientResponse> fetch_blocking(Peer peer, ClientRequest request) {
  reactor::Loop loop;
  reactor::Scope scope(loop);
  std::optional<Result<ClientResponse>> answer;
  scope.spawn(fetch_into(loop, std::move(peer), std::move(request), answer));
  loop.run();
  if (!answer) return fail(Errc::kInternal, "the request was never answered");
  return *std::move(answer);
}

}  // namespace baton::http
