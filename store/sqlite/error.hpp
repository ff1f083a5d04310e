// What SQLite says, in the project's words.
#pragma once

#include <string_view>

#include "base/result.hpp"

struct sqlite3;

namespace baton::store::sqlite {

// The error of the connection's last call, which returned `code`. `file` is named in the text. A full disk is kNoSpace,
// a disk that fails or a file that is damaged or not a database kIo, a lock held by somebody else kUnavailable; the
// rest (a broken constraint, wrong SQL) is our own mistake: kInternal.
Error error_of(sqlite3* database, int code, std::string_view file);

}  // namespace baton::store::sqlite
