// Errors that can happen, as values.
//
// `Result<T>` is what every function returns that can fail for a reason outside the program: bad input, a lost race, a
// full disk. The code steers the program and picks the HTTP status, `reason` is a fixed word that other programs may
// compare, `what` is a sentence for people. States that cannot happen are not errors: see bug.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace baton {

enum class Errc : std::uint8_t {
  kInvalid,        // the request breaks the contract; `what` names the field
  kNotFound,       // the thing that was named does not exist
  kConflict,       // it exists, but its state does not allow this now
  kUnprocessable,  // understood and well-formed, but cannot be done (no repository, no isolation)
  kDenied,         // not allowed for this caller
  kTooLarge,       // beyond a written limit
  kTimeout,        // a deadline ended it
  kCancelled,      // somebody asked for the end
  kUnavailable,    // not now: starting, stopping, or too many
  kNoSpace,        // the disk is full or below its floor
  kIo,             // the system refused (file, socket, process)
  kInternal,       // a library or program answered what it must not
};

// One fact about a refusal, for programs: {"holder", "\"alder\""}.
struct Detail {
  std::string_view name;  // static storage
  std::string json;       // a JSON value
};

struct Error {
  Errc code = Errc::kInternal;
  std::string what;                  // a sentence for people
  std::string_view reason = {};      // a word for programs ("illegal_transition"); static storage, may be empty
  std::vector<Detail> details = {};  // members of the answer beside the reason: who holds it, since when
};

template <class T>
using Result = tl::expected<T, Error>;

struct Unit {};

// return fail(Errc::kNotFound, "task 42 does not exist");
[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string what, std::string_view reason = {}) {
  return tl::unexpected<Error>(Error{code, std::move(what), reason});
}

// if (!row) return fail(row);   hands an error on, whatever the value types are.
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

template <class T>
[[nodiscard]] tl::unexpected<Error> fail(Result<T>& failed) {
  return tl::unexpected<Error>(std::move(failed.error()));
}
template <class T>
[[nodiscard]] tl::unexpected<Error> fail(Result<T>&& failed) {
  return tl::unexpected<Error>(std::move(failed.error()));
}

}  // namespace baton
