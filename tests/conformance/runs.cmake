# Bad plugins of the groups runs, conduct and claims: each file NAME.c fails the check NAME and no other, with the recorded
# sessions of transcripts/.
set(_transcripts --transcripts ${CMAKE_CURRENT_SOURCE_DIR}/transcripts)
set(_bad_runs
  cancel-after-end
  cancel-before-output
  cancel-twice
  exit-without-result
  exit-zero-after-interrupt
  garbage-lines
  huge-line
  killed
  no-final-newline
  output-byte-by-byte
  run-happy
  run-start-fails-clean
  spawn-not-found
  split-utf8
  stalled)
foreach(_name IN LISTS _bad_runs)
  conformance_plugin(${_name} ${_name}.c)
  conformance_test(${_name} $<TARGET_FILE:conformance_${_name}> ${_transcripts} --fails ${_name})
  list(APPEND _bad_ids ${_name})
endforeach()
