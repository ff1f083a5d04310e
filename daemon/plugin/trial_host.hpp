// A host that refuses everything, for the trial of an instance in the probe process.
#pragma once

#include "baton/host.h"

namespace baton::plugin {

// Each function of each table of 1.0 is there and answers STATE; texts go nowhere. One per process.
const baton_host& trial_host();

// Whether the plugin has ended an operation since this was asked last.
bool take_trial_completion();

}  // namespace baton::plugin
