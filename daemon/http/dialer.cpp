#include "http/dialer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fcntl.h>

#include <fmt/format.h>
#include <asio/experimental/as_tuple.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/use_awaitable.hpp>

#include "http/url.hpp"
#include "reactor/event.hpp"
#include "reactor/timer.hpp"

namespace baton::http {
namespace {

constexpr auto kToken = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::size_t kMostAddresses = 8;  // of one name; more would only divide the time

bool is_localhost(std::string_view name) { return name == "localhost" || name.ends_with(".localhost"); }

tl::unexpected<Error> cancelled() { return fail(Errc::kCancelled, "cancelled"); }

// Children of the daemon inherit nothing, whoever starts them.
std::error_code open(StreamSocket& socket, const asio::generic::stream_protocol::endpoint& endpoint) {
  std::error_code error, ignored;
  socket.close(ignored);
  socket.open(endpoint.protocol(), error);
  if (!error && ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC) != 0)
    error = std::error_code(errno, std::system_category());
  return error;
}

}  // namespace

struct Dialer::Question {
  explicit Question(reactor::Loop& loop) : answered(loop) {}
  std::optional<Result<NameLookup::Addresses>> answer;
  reactor::Event answered;
};

Dialer::Dialer(reactor::Loop& loop, NameLookup& names) : loop_(loop), names_(names) {}

reactor::Task<Result<NameLookup::Addresses>> Dialer::look_up(std::string name) {
  const auto question = std::make_shared<Question>(loop_);
  question_ = question;
  const auto number = names_.ask(std::move(name), [question](Result<NameLookup::Addresses> found) {
    question->answer = std::move(found);
    question->answered.notify_all();
  });
  while (!question->answer && !cancelled_) co_await question->answered.wait();
  names_.forget(number);
  question_.reset();
  if (cancelled_) co_return cancelled();
  co_return std::move(*question->answer);
}

reactor::Task<Result<Dialer::Endpoints>> Dialer::addresses(Destination to) {
  NameLookup::Addresses found;
  std::error_code error;
  const auto literal = asio::ip::make_address(to.host, error);
  if (!error) {
    found = {literal};
  } else if (is_localhost(to.host)) {
    found = {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
  } else {
    auto answer = co_await look_up(to.host);
    if (!answer) co_return fail(answer);
    found = std::move(*answer);
  }
  Endpoints endpoints;
  for (const auto& address : found) {
    if (endpoints.size() == kMostAddresses) break;
    if (!to.loopback_only || is_loopback(address)) endpoints.emplace_back(asio::ip::tcp::endpoint(address, to.port));
  }
  if (endpoints.empty() && !found.empty())
    co_return fail(Errc::kDenied, fmt::format("{} is another machine: {}", to.host, found.front().to_string()));
  co_return endpoints;
}

reactor::Task<Result<Unit>> Dialer::connect(StreamSocket& socket, Endpoints endpoints, std::chrono::nanoseconds limit) {
  std::error_code error = asio::error::host_not_found;
  for (std::size_t index = 0; index < endpoints.size() && !cancelled_; ++index) {
    error = open(socket, endpoints[index]);
    if (error) continue;
    std::optional<reactor::Deadline> share;
    if (limit.count() > 0 && index + 1 < endpoints.size()) {
      share.emplace(loop_, limit / static_cast<std::int64_t>(endpoints.size()), [&socket] {
        std::error_code ignored;
        socket.close(ignored);
      });
    }
    std::tie(error) = co_await socket.async_connect(endpoints[index], kToken);
    if (error || !socket.is_open()) continue;
    std::error_code ignored;  // a unix socket has no such option
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    co_return Unit{};
  }
  if (cancelled_) co_return cancelled();
  co_return fail(Errc::kUnavailable, error.message());
}

void Dialer::cancel() {
  cancelled_ = true;
  if (question_) question_->answered.notify_all();
}

}  // namespace baton::http
