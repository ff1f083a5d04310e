#include "http/streaming_client.hpp"

#include <utility>

#include <fmt/format.h>

#include "http/client_parts.hpp"
#include "http/conversation.hpp"
#include "http/tls_context.hpp"

namespace baton::http {
namespace {

Result<std::string> head_of(const StreamingRequest& request) {
  if (!is_method(request.method)) return fail(Errc::kInvalid, "not a method in upper case, or CONNECT");
  std::string head =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, request.url.target, request.url.authority());
  for (const auto& [name, value] : request.headers) {
    if (is_clients_own(name)) return fail(Errc::kInvalid, fmt::format("the header {} is the host's", name));
    if (auto appended = append_header(head, name, value); !appended) return fail(appended);
  }
  // A server may ask for a length where a body is usual (RFC 9110 §8.6).
  const bool usual = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (usual || !request.body.empty()) head += fmt::format("Content-Length: {}\r\n", request.body.size());
  return head + "\r\n";
}

}  // namespace

Result<Unit> check_ca_file(const std::filesystem::path& file) {
  auto context = TlsContext::make(file);
  if (!context) return fail(context);
  return Unit{};
}

StreamingExchange::StreamingExchange(std::shared_ptr<Conversation> conversation)
    : conversation_(std::move(conversation)) {}
StreamingExchange::~StreamingExchange() { conversation_->close(); }
void StreamingExchange::pause(bool paused) { conversation_->pause(paused); }

StreamingClient::StreamingClient(reactor::Loop& loop, StreamingOptions options)
    : parts_(std::make_unique<Parts>(loop, std::move(options))) {}
StreamingClient::~StreamingClient() = default;

Result<std::unique_ptr<StreamingExchange>> StreamingClient::start(StreamingRequest request, StreamingEvents events) {
  auto head = head_of(request);
  if (!head) return fail(head);
  auto conversation = std::make_shared<Conversation>(*parts_, std::move(request), *std::move(head), std::move(events));
  parts_->scope.spawn(Conversation::run(conversation));
  return std::make_unique<StreamingExchange>(std::move(conversation));
}

reactor::Task<> StreamingClient::shut_down() {
  parts_->pool.clear();
  co_await parts_->scope.drained();
  parts_->pool.clear();  // what the last ones left
}

std::size_t StreamingClient::spare() const { return parts_->pool.size(); }

}  // namespace baton::http
