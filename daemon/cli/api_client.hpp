// Requests to the daemon, one at a time, from a program that has nothing else to do.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_reader.hpp"
#include "base/result.hpp"
#include "http/client.hpp"

namespace baton::cli {

struct ApiAnswer {
  int status = 0;
  json::Document body;

  bool ok() const { return status >= 200 && status < 300; }
};

class ApiClient {
 public:
  explicit ApiClient(http::Peer peer) : peer_(std::move(peer)) {}

  // kUnavailable when nobody answers there; kInternal when the answer is not JSON. A refusal is an answer; one without
  // a body has null for it.
  Result<ApiAnswer> call(http::Method method, std::string target, std::string body = {},
                         std::chrono::milliseconds timeout = std::chrono::seconds(30));

  // As call(), but a refusal is an error that carries what the daemon said.
  Result<json::Document> need(http::Method method, std::string target, std::string body = {},
                              std::chrono::milliseconds timeout = std::chrono::seconds(30));

  // Hands over an event stream as it comes, until the daemon ends it. Errors as need().
  Result<Unit> follow(std::string target, std::function<void(std::string_view)> on_piece);

 private:
  http::Peer peer_;
};

// Where the daemon is: --url, else BATON_URL, else the unix socket of the default state (product names:
// $RUNTIME_DIRECTORY, $BATON_HOME, the system's service, $XDG_STATE_HOME, $HOME).
Result<http::Peer> find_daemon(const std::optional<std::string>& url,
                               const std::filesystem::path& service_socket = "/run/baton/batond.sock");

// What a refusal says, for people.
std::string refusal_text(const ApiAnswer& answer);

}  // namespace baton::cli
