/* Puts a plugin together: each part is the correct one of parts.h unless it was named before. */
#include "parts.h"

#ifndef ID
#define ID "test.conformance"
#endif
#ifndef CAPS
#define CAPS correct_caps
#endif
#ifndef PROBE
#define PROBE correct_probe
#endif
#ifndef RUN_START
#define RUN_START correct_run_start
#endif
#ifndef RUN_INPUT
#define RUN_INPUT correct_run_input
#endif
#ifndef RUN_CANCEL
#define RUN_CANCEL correct_run_cancel
#endif
#ifndef RUN_RELEASE
#define RUN_RELEASE correct_run_release
#endif
#ifndef CREATE
#define CREATE correct_create
#endif
#ifndef QUIESCE
#define QUIESCE correct_quiesce
#endif
#ifndef DESTROY
#define DESTROY correct_destroy
#endif
#ifndef SCHEMA
#define SCHEMA "{\"type\":\"object\",\"properties\":{\"greeting\":{\"type\":\"string\"}}}"
#endif
#ifndef LICENSE
#define LICENSE "Apache-2.0"
#endif
#ifndef SUMMARY
#define SUMMARY "A runtime for tests of the validator"
#endif
#ifndef OFFERS
#define OFFERS BATON_EXT_RUNTIME, NULL
#endif
#ifndef WANTS
#define WANTS BATON_EXT_TIMER, BATON_EXT_APPROVAL, NULL
#endif

#ifndef SPAWN
#define SPAWN(spawn, request) ((void)(spawn), (void)(request))
#endif
PART void last_word(baton_spawn* spawn, const baton_run_request* request) { SPAWN(spawn, request); }

#ifndef ON_ANSWER
#define ON_ANSWER correct_on_answer
#endif
PART void answered(void* user, baton_approval question, uint32_t allowed, baton_str note) {
  ON_ANSWER(user, question, allowed, note);
}

#ifndef ON_OUTPUT
#define ON_OUTPUT correct_on_output
#endif
#ifndef ON_EXIT
#define ON_EXIT correct_on_exit
#endif
static const baton_process_events correct_events = {sizeof(baton_process_events), 0, ON_OUTPUT, correct_on_drain,
                                                    ON_EXIT};

static const baton_runtime correct_table = {
    sizeof(baton_runtime), 0, CAPS, PROBE, RUN_START, RUN_INPUT, RUN_CANCEL, RUN_RELEASE};

PART const void* correct_extension(const char* id) {
  return strcmp(id, BATON_EXT_RUNTIME) == 0 ? &correct_table : NULL;
}
#ifndef EXTENSION
#define EXTENSION correct_extension
#endif

static const char* const correct_offers[] = {OFFERS};
static const char* const correct_needs[] = {BATON_EXT_RUN, BATON_EXT_PROCESS, NULL};
static const char* const correct_wants[] = {WANTS};
static const char* const correct_executables[] = {"agent", NULL};

#ifndef DESCRIPTOR
#define DESCRIPTOR correct_descriptor
static const baton_descriptor correct_descriptor = {.size = sizeof(baton_descriptor),
                                                    .id = ID,
                                                    .name = "Conformance",
                                                    .version = "1.0",
                                                    .license = LICENSE,
                                                    .summary = SUMMARY,
                                                    .config_schema = SCHEMA,
                                                    .offers = correct_offers,
                                                    .needs = correct_needs,
                                                    .wants = correct_wants,
                                                    .executables = correct_executables};
#endif

PART const baton_entry correct_entry = {.magic = BATON_ENTRY_MAGIC,
                                        .size = sizeof(baton_entry),
                                        .abi_major = BATON_ABI_MAJOR,
                                        .abi_minor_built = BATON_ABI_MINOR_LATEST,
                                        .abi_minor_needed = BATON_ABI_MINOR,
                                        .descriptor = &DESCRIPTOR,
                                        .create = CREATE,
                                        .quiesce = QUIESCE,
                                        .destroy = DESTROY,
                                        .extension = EXTENSION};

#ifndef ENTRY
const baton_entry* baton_plugin_entry_v1(void) { return &correct_entry; }
#endif
