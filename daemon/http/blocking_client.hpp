// fetch() for a program that has nothing else to do: a command, not the daemon.
#pragma once

#include "base/result.hpp"
#include "http/client.hpp"

namespace baton::http {

// Runs an event loop of its own until the answer is there. Errors as fetch().
Result<ClientResponse> fetch_blocking(Peer peer, ClientRequest request);

}  // namespace baton::http
