/* Ends the process in the callback of a file that it has written. */
#include <stdlib.h>

#include <baton/ext/files.h>

#define NEEDS BATON_EXT_RUN, BATON_EXT_FILES
#include "bad.h"

static void on_file(void* user, baton_file_op op, baton_status status, baton_str bytes) {
  (void)user;
  (void)op;
  (void)status;
  (void)bytes;
  abort();
}
static void write_one(void) {
  const baton_host_files* files = (const baton_host_files*)host->extension(host, BATON_EXT_FILES);
  const baton_run nobody = {0};
  baton_file_op op;
  files->write(host, nobody, str("note"), str("x"), 0, on_file, NULL, &op);
}

GOOD_CREATE
START(if (run.id != 0) write_one())
PLUGIN("test.aborts-in-file")
