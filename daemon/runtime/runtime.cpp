#include "runtime/runtime.hpp"

#include "base/bug.hpp"
#include "base/text.hpp"

namespace baton::runtime {

Runtime* Registry::find(std::string_view id) const {
  // The older tool's name for the loop inside the daemon (docs: names).
  constexpr std::string_view kNativeAlias = "clawboo-native";
  const std::string_view wanted = id == kNativeAlias ? "native" : id;
  for (Runtime* runtime : runtimes_) {
    if (runtime->id() == wanted) return runtime;
  }
  return nullptr;
}

Error Registry::missing(std::string_view id) const {
  for (const auto& absent : absent_) {
    if (absent.id == id)
      return {Errc::kUnavailable, "runtime '" + absent.id + "' cannot be used: " + absent.why, "refused"};
  }
  return {Errc::kNotFound, "unknown runtime '" + text::shortened(id) + "'", "unknown_runtime"};
}

std::string_view to_text(EndKind end) {
  switch (end) {
    case EndKind::kSuccess: return "success";
    case EndKind::kLimit: return "limit";
    case EndKind::kCancelled: return "cancelled";
    case EndKind::kFailed: return "failed";
  }
  bug("EndKind out of range");
}

std::string_view to_text(ErrorClass error) {
  switch (error) {
    case ErrorClass::kNone: return "none";
    case ErrorClass::kAuth: return "auth";
    case ErrorClass::kQuota: return "quota";
    case ErrorClass::kNotInstalled: return "not_installed";
    case ErrorClass::kConfig: return "config";
    case ErrorClass::kNetwork: return "network";
    case ErrorClass::kProtocol: return "protocol";
    case ErrorClass::kCrashed: return "crashed";
    case ErrorClass::kTimeout: return "timeout";
    case ErrorClass::kPolicy: return "policy";
    case ErrorClass::kSessionLost: return "session_lost";
    case ErrorClass::kInternal: return "internal";
  }
  bug("ErrorClass out of range");
}

}  // namespace baton::runtime
