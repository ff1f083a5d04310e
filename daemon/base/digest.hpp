// Digests, by OpenSSL's libcrypto. Both are used as names of things, not as secrets.
#pragma once

#include <string>
#include <string_view>

namespace baton {

std::string sha1_hex(std::string_view bytes);    // 40 characters; names the folder of a repository's worktrees
std::string sha256_hex(std::string_view bytes);  // 64 characters

}  // namespace baton
