// Where the value of a secret comes from: "env:NAME", a variable of the daemon's own environment; "file:/path", a file
// that only the daemon's user (and its group, to read) may touch; "credential:NAME", what systemd hands over
// (LoadCredential=, in $CREDENTIALS_DIRECTORY).
//
// No message of these functions holds a value, or a source that is none: it may be a value in the wrong place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace baton::plugin {

inline constexpr std::size_t kSecretBytes = 64 * 1024;  // promised by baton/ext/secret.h

bool is_secret_source(std::string_view source);

// Without a line end at its end. kNotFound: there is none now, or it is empty; kDenied: others than the daemon's user
// may read or change the file; kTooLarge; kInvalid: no source; kIo. Touches the disk: for the start.
Result<std::string> read_secret(std::string_view source);

}  // namespace baton::plugin
