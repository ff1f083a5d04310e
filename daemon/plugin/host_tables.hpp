// The tables that this daemon gives to plugins, by id. One file per table makes each.
#pragma once

#include <string_view>

#include "baton/ext/approval.h"
#include "baton/ext/files.h"
#include "baton/ext/process.h"
#include "baton/ext/run.h"
#include "baton/ext/secret.h"
#include "baton/ext/store.h"
#include "baton/ext/timer.h"
#include "baton/ext/tools.h"
#include "baton/ext/wakeup.h"
#include "baton/ext/watch.h"
#include "baton/host.h"

namespace baton::plugin {

extern const baton_host kHostCore;  // without `impl` and `product`, which are an instance's
extern const baton_host_run kHostRun;
extern const baton_host_process kHostProcess;
extern const baton_host_timer kHostTimer;
extern const baton_host_files kHostFiles;
extern const baton_host_watch kHostWatch;
extern const baton_host_wakeup kHostWakeup;
extern const baton_host_store kHostStore;
extern const baton_host_secret kHostSecret;
extern const baton_host_approval kHostApproval;
extern const baton_host_tools kHostTools;

// Null when there is no table `id`.
const void* host_table(std::string_view id);

}  // namespace baton::plugin
