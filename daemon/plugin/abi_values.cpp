#include "plugin/abi_values.hpp"

#include <algorithm>
#include <cstring>

#include "base/bug.hpp"

namespace baton::plugin {

bool all_zero(const void* bytes, std::size_t size) {
  const auto* first = static_cast<const unsigned char*>(bytes);
  return std::all_of(first, first + size, [](unsigned char byte) { return byte == 0; });
}

baton_status read_other_size(const void* from, std::size_t size, void* into, std::size_t known) {
  const auto copied = std::min(size, known);
  std::memset(into, 0, known);
  std::memcpy(into, from, copied);
  return all_zero(static_cast<const char*>(from) + copied, size - copied) ? BATON_OK : BATON_E_UNSUPPORTED;
}

baton_status status_of(Errc code) {
  switch (code) {
    case Errc::kInvalid: return BATON_E_INVALID;
    case Errc::kNotFound: return BATON_E_NOT_FOUND;
    case Errc::kConflict: return BATON_E_STATE;
    case Errc::kUnprocessable: return BATON_E_UNSUPPORTED;
    case Errc::kDenied: return BATON_E_DENIED;
    case Errc::kTooLarge: return BATON_E_LIMIT;
    case Errc::kTimeout: return BATON_E_TIMEOUT;
    case Errc::kCancelled: return BATON_E_STATE;
    case Errc::kUnavailable: return BATON_E_AGAIN;
    case Errc::kNoSpace: return BATON_E_IO;
    case Errc::kIo: return BATON_E_IO;
    case Errc::kInternal: return BATON_E_INTERNAL;
  }
  bug("Errc out of range");
}

Errc errc_of(baton_status status) {
  switch (status) {
    case BATON_E_INVALID: return Errc::kInvalid;
    case BATON_E_UNSUPPORTED: return Errc::kUnprocessable;
    case BATON_E_STATE: return Errc::kConflict;
    case BATON_E_LIMIT: return Errc::kUnavailable;
    case BATON_E_DENIED: return Errc::kDenied;
    case BATON_E_NOT_FOUND: return Errc::kNotFound;
    case BATON_E_AGAIN: return Errc::kUnavailable;
    case BATON_E_IO: return Errc::kIo;
    case BATON_E_TIMEOUT: return Errc::kTimeout;
    default: return Errc::kInternal;
  }
}

}  // namespace baton::plugin
