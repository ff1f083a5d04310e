/* Has one instance only, which all share. */
#include "parts.h"
static baton_plugin* only;
static int users;
static baton_status share(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  (void)args;
  if (users++ == 0) only = make_plugin(host);
  *out = only;
  return BATON_OK;
}
static void leave(baton_plugin* self) {
  if (--users == 0) free(self);
}
#define CREATE share
#define DESTROY leave
#include "entry.h"
