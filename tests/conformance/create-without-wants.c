/* Wants two tables, but must have one of them. */
#include <baton/ext/files.h>
#include "parts.h"
static baton_status demand(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  if (host->extension(host, BATON_EXT_TIMER) == NULL && host->extension(host, BATON_EXT_FILES) == NULL)
    return host->fail(host, BATON_E_UNSUPPORTED, text_of("there is neither a timer nor a file"));
  return correct_create(host, args, out);
}
#define CREATE demand
#define WANTS BATON_EXT_TIMER, BATON_EXT_FILES, NULL
#include "entry.h"
