// What a child may know of the daemon's environment.
//
// An allow-list, because the daemon's own variables name its secrets, sockets and state (BATON_…, CLAWBOO_…,
// credentials, NOTIFY_SOCKET) and a list of what is forbidden is never complete. Whoever starts a program adds what
// that program needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::process {

using Environment = std::vector<std::string>;  // "NAME=value", each name once

// PATH HOME USER LOGNAME SHELL TMPDIR TERM TZ LANG LANGUAGE LC_…, and XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_DATA_HOME,
// XDG_STATE_HOME: where a program's own files are, so that it finds the login it has in its user's shell. PATH is the
// system's when there is none. No proxies (their URLs carry passwords) and no XDG_RUNTIME_DIR (the way to the user's
// bus).
Environment clean_environment();
Environment clean_environment(const char* const* from);  // `from` ends with a null pointer, as environ does

// `environment` with `name` set to `value`, in the place of an earlier value.
Environment with(Environment environment, std::string_view name, std::string_view value);

// The value of `name`; empty when it is not set. A view into `environment`.
std::string_view value_of(const Environment& environment, std::string_view name);

}  // namespace baton::process
