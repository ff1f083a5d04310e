// How a plugin's own code fails: a status with a text. Thrown inside the plugin, it is caught at the boundary
// (guard.hpp) and handed to the host; called for its value, it comes back from a service.
#pragma once

#include "../host.h"
#include "str.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace baton::plugin {

// Leaves the current callback with `code`; the text is for people.
class Failure : public std::runtime_error {
 public:
  Failure(baton_status code, const std::string& text) : std::runtime_error(text), code_(code) {}
  baton_status code() const noexcept { return code_; }

 private:
  baton_status code_;
};

inline const char* status_text(baton_status code) noexcept {
  switch (code) {
    case BATON_OK: return "ok";
    case BATON_E_INVALID: return "invalid argument";
    case BATON_E_UNSUPPORTED: return "not supported by this host";
    case BATON_E_STALE: return "it has ended already";
    case BATON_E_STATE: return "not allowed now";
    case BATON_E_LIMIT: return "a limit is exceeded";
    case BATON_E_DENIED: return "not granted";
    case BATON_E_NOT_FOUND: return "not found";
    case BATON_E_AGAIN: return "the queue is full";
    case BATON_E_IO: return "the system refused";
    case BATON_E_TIMEOUT: return "out of time";
    default: return "internal error";
  }
}

// What a service answered, or what the plugin itself has to say.
class [[nodiscard]] Status {
 public:
  Status(baton_status code) noexcept : code_(code) {}  // NOLINT: a status is a status
  Status(baton_status code, std::string message) noexcept : code_(code), message_(std::move(message)) {}
  bool ok() const noexcept { return code_ >= BATON_OK; }
  baton_status code() const noexcept { return code_; }
  // For people; what the code means when nothing more is known.
  const char* text() const noexcept { return message_.empty() ? status_text(code_) : message_.c_str(); }
  // For callers that cannot go on: `what` names the attempt.
  void or_throw(const std::string& what) const {
    if (!ok()) throw Failure(code_, what + ": " + text());
  }

 private:
  baton_status code_;
  std::string message_;
};

// For functions that the host calls: `return fail(host, status);`. The host is told the text of a failure.
inline baton_status fail(const baton_host* host, const Status& status) noexcept {
  return status.ok() ? status.code() : host->fail(host, status.code(), str(status.text()));
}
inline baton_status fail(const baton_host* host, baton_status code, std::string_view text) noexcept {
  return host->fail(host, code, str(text));
}

}  // namespace baton::plugin
