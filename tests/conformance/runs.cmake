# Bad plugins of the groups runs, conduct and claims: each file NAME.c fails the check NAME and no other, with the recorded
# sessions of transcripts/.
set(_transcripts --transcripts ${CMAKE_CURRENT_SOURCE_DIR}/transcripts)
set(_bad_runs
  approval-denied
  auth-error-class
  callback-budget
  cancel-after-end
  cancel-before-output
  cancel-twice
  claim-approvals
  claim-follow-up
  claim-fork
  claim-limit-cost
  claim-limit-turns
  claim-mcp
  claim-model-select
  claim-own-home
  claim-replay
  claim-resume
  claim-steer
  claim-streaming
  claim-tool-block
  claim-tool-events
  claim-usage-cost
  claim-usage-tokens
  claim-worktree
  exit-without-result
  exit-zero-after-interrupt
  garbage-lines
  huge-line
  instances-do-not-mix
  killed
  limit-is-limit
  many-runs
  memory-steady
  no-blocking
  no-children
  no-event-after-finish
  no-fd-leak
  no-final-newline
  no-handle-leak
  no-stdout
  no-threads-left
  output-byte-by-byte
  process-state-untouched
  replay-same-calls
  retry-is-status
  run-happy
  run-start-fails-clean
  session-lost
  spawn-not-found
  split-utf8
  stalled
  two-turns)
# Further ones, "file:check".
set(_more_runs no-stderr:no-stdout)
foreach(_name IN LISTS _bad_runs _more_runs)
  string(REPLACE ":" ";" _parts ${_name})
  list(GET _parts 0 _file)
  list(GET _parts -1 _id)
  conformance_plugin(${_file} ${_file}.c)
  conformance_test(${_file} $<TARGET_FILE:conformance_${_file}> ${_transcripts} --fails ${_id})
  list(APPEND _bad_ids ${_id})
endforeach()

# What a plugin that claims little may skip, and what needs transcripts.
set(_claims_little --skips claim-* --skips approval-denied)
set(_needs_transcripts --skips auth-error-class --skips retry-is-status --skips limit-is-limit --skips session-lost
  --skips two-turns)

conformance_plugin(full full.c)
conformance_test(full $<TARGET_FILE:conformance_full> ${_transcripts})
