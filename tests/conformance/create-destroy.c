/* Cannot make an instance. */
#include "parts.h"
static baton_status unable(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  (void)args;
  (void)out;
  return host->fail(host, BATON_E_INTERNAL, text_of("not today"));
}
#define CREATE unable
#include "entry.h"
