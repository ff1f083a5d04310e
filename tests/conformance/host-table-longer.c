/* Takes a table only in the length that it knows. */
#include "parts.h"
static baton_status exact(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  const baton_host_process* processes = host->extension(host, BATON_EXT_PROCESS);
  if (processes->size != sizeof(baton_host_process))
    return host->fail(host, BATON_E_UNSUPPORTED, text_of("this is not my host"));
  return correct_create(host, args, out);
}
#define CREATE exact
#include "entry.h"
