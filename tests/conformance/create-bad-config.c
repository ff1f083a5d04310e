/* Refuses an empty greeting, but leaves the instance behind. */
#include "parts.h"
static baton_status careless(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  const char* end = args->config.data + args->config.size;
  *out = make_plugin(host);
  if (end - args->config.data >= 15 && memcmp(args->config.data, "{\"greeting\":\"\"}", 15) == 0)
    return host->fail(host, BATON_E_INVALID, text_of("greeting must not be empty"));
  return BATON_OK;
}
#define CREATE careless
#include "entry.h"
