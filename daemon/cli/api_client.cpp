#include "cli/api_client.hpp"

#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "http/blocking_client.hpp"
#include "ops/state_directory.hpp"

namespace baton::cli {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

// One that we may not look at is there: connecting to it says why it does not work.
bool is_there(const fs::path& socket) {
  std::error_code error;
  return fs::exists(socket, error) || error;
}

fs::path default_socket(const fs::path& service_socket) {
  if (const auto runtime = variable("RUNTIME_DIRECTORY")) return ops::socket_in(*runtime);
  if (const auto state = ops::named_state(ops::process_environment)) return ops::socket_in(*state);
  return is_there(service_socket) ? service_socket : ops::socket_in(ops::default_state(ops::process_environment));
}

Result<ApiAnswer> read_answer(const http::ClientResponse& response) {
  auto document = json::Document::parse(response.body.empty() ? "null" : response.body);
  if (!document) {
    return fail(Errc::kInternal,
                fmt::format("the answer ({}) is not JSON: {}", response.status, document.error().what));
  }
  return ApiAnswer{response.status, *std::move(document)};
}

}  // namespace

Result<ApiAnswer> ApiClient::call(http::Method method, std::string target, std::string body,
                                  std::chrono::milliseconds timeout) {
  http::ClientRequest request;
  request.method = method;
  request.target = std::move(target);
  request.body = std::move(body);
  request.timeout = timeout;
  const auto response = http::fetch_blocking(peer_, std::move(request));
  if (!response) return fail(response.error());
  return read_answer(*response);
}

Result<Unit> ApiClient::follow(std::string target, std::function<void(std::string_view)> on_piece) {
  http::ClientRequest request;
  request.target = std::move(target);
  request.timeout = std::chrono::milliseconds(0);
  request.on_data = [&](std::string_view piece) {
    on_piece(piece);
    return true;
  };
  const auto response = http::fetch_blocking(peer_, std::move(request));
  if (!response) return fail(response.error());
  if (response->status == 200) return Unit{};
  const auto answer = read_answer(*response);
  return fail(answer ? Error{Errc::kConflict, refusal_text(*answer)} : answer.error());
}

Result<json::Document> ApiClient::need(http::Method method, std::string target, std::string body,
                                       std::chrono::milliseconds timeout) {
  auto answer = call(method, std::move(target), std::move(body), timeout);
  if (!answer) return fail(answer);
  if (!answer->ok()) return fail(Errc::kConflict, refusal_text(*answer));
  return std::move(answer->body);
}

Result<http::Peer> find_daemon(const std::optional<std::string>& url, const fs::path& service_socket) {
  if (url) return http::peer_from(*url);
  if (const auto configured = variable("BATON_URL")) return http::peer_from(*configured);
  return http::Peer(http::UnixPeer{default_socket(service_socket)});
}

std::string refusal_text(const ApiAnswer& answer) {
  const auto root = answer.body.root();
  std::string text = fmt::format("{}", answer.status);
  for (const char* key : {"error", "reason", "message"}) {
    const auto said = json::text(root, key);
    if (said && text.find(*said) == std::string::npos) text += fmt::format(" {}", *said);  // some say it twice
  }
  if (const auto details = json::member(root, "details")) text += " " + simdjson::to_string(*details);
  return text;
}

}  // namespace baton::cli
